import { Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { ReadGate } from "../../../src/transport/websocket/read-gate.ts";
import { turns } from "../http/fixture.ts";

const CHUNK = Buffer.alloc(64 * 1024);

function setting() {
	const socket = new Socket();
	const webSocket: { paused: boolean; readyState: WebSocket["readyState"]; pause(): void; resume(): void } = {
		paused: true,
		readyState: WebSocket.OPEN,
		pause() {
			this.paused = true;
		},
		resume() {
			this.paused = false;
		},
	};
	const gate = new ReadGate(webSocket, socket);
	return { gate, webSocket, receive: (chunk: Buffer) => socket.emit("data", chunk) };
}

test("a socket is paused until the next turn after the bytes of a turn", async () => {
	const { gate, webSocket, receive } = setting();
	gate.open();
	assert.is(webSocket.paused, false);
	receive(CHUNK.subarray(1));
	assert.is(webSocket.paused, false);
	receive(CHUNK.subarray(0, 1));
	assert.is(webSocket.paused, true);
	gate.open();
	assert.is(webSocket.paused, true);
	await turns(1);
	assert.is(webSocket.paused, false);
	receive(CHUNK);
	assert.is(webSocket.paused, true);
});

test("a socket stays paused in the next turn when its reader has stopped meanwhile", async () => {
	const { gate, webSocket, receive } = setting();
	gate.open();
	receive(CHUNK);
	gate.close();
	await turns(2);
	assert.is(webSocket.paused, true);
	gate.open();
	assert.is(webSocket.paused, false);
});

test("a socket is not paused after a close frame, because its end must be read", () => {
	const { gate, webSocket, receive } = setting();
	gate.open();
	webSocket.readyState = WebSocket.CLOSING;
	receive(CHUNK);
	assert.is(webSocket.paused, false);
});

test.run();
