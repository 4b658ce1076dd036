import { EventEmitter } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { WebSocket } from "ws";
import { WebSocketPeer } from "../../../src/serve/websocket/web-socket-peer.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** The parts of a WebSocket that a peer uses. */
class FakeSocket extends EventEmitter {
	readonly OPEN = 1;
	readyState = 1;
	bufferedAmount = 0;
	isPaused = false;
	readonly calls: string[] = [];
	readonly sent: (() => void)[] = [];

	pause(): void {
		this.isPaused = true;
	}
	resume(): void {
		this.isPaused = false;
	}
	ping(): void {
		this.calls.push("ping");
	}
	pong(): void {
		this.calls.push("pong");
	}
	send(_: unknown, done: () => void): void {
		this.sent.push(done);
	}
	close(code: number, reason: string): void {
		this.readyState = 2;
		this.calls.push(`close ${code} ${reason}`.trim());
	}
	terminate(): void {
		this.calls.push("terminate");
		this.readyState = 3;
		this.emit("close");
	}
}

function peerOf(): { peer: WebSocketPeer; socket: FakeSocket; clock: FakeClock } {
	const socket = new FakeSocket();
	const clock = new FakeClock();
	return { peer: new WebSocketPeer(socket as unknown as WebSocket, { clock, pingMs: 30_000, stallMs: 10_000 }), socket, clock };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("messages are read one after another, and the connection is paused while too many wait", async () => {
	const { peer, socket } = peerOf();
	const messages = peer.messages();
	const first = messages.next();
	socket.emit("message", Buffer.from("a"), false);
	socket.emit("message", Buffer.from([1]), true);
	assert.not(socket.isPaused);
	socket.emit("message", Buffer.alloc(70_000), true);
	assert.ok(socket.isPaused);
	assert.equal((await first).value, { text: "a" });
	assert.equal((await messages.next()).value, { bytes: Buffer.from([1]) });
	assert.ok(socket.isPaused);
	await messages.next();
	assert.not(socket.isPaused);
	for (let count = 0; count < 2000; count++) socket.emit("message", Buffer.alloc(0), false);
	assert.ok(socket.isPaused, "empty messages count too");
	for (let count = 0; count < 2000; count++) await messages.next();
	const last = messages.next();
	socket.emit("close");
	assert.equal(await last, { done: true, value: undefined });
});

test("a client that answers no ping is disconnected, unless the server does not read from it", async () => {
	const { socket, clock } = peerOf();
	clock.pass(30_000);
	socket.emit("pong");
	clock.pass(30_000);
	assert.equal(socket.calls, ["ping", "ping"]);
	socket.isPaused = true;
	clock.pass(30_000);
	assert.equal(socket.calls, ["ping", "ping", "ping"]);
	socket.isPaused = false;
	clock.pass(30_000);
	assert.is(socket.calls.at(-1), "terminate");
});

test("pings of a client that reads nothing are not answered", () => {
	const { socket } = peerOf();
	socket.emit("ping", Buffer.alloc(125));
	assert.equal(socket.calls, ["pong"]);
	socket.bufferedAmount = 10_000_000;
	for (let count = 0; count < 1000; count++) socket.emit("ping", Buffer.alloc(125));
	assert.equal(socket.calls, ["pong"]);
});

test("a message to a client that takes nothing waits, and ends the connection at last", async () => {
	const { peer, socket, clock } = peerOf();
	await peer.send("a");
	socket.bufferedAmount = 1_000_000;
	let hasRoom = false;
	const sending = peer.send("b").then(() => {
		hasRoom = true;
	});
	await turn();
	assert.not(hasRoom);
	socket.sent[1]?.();
	await sending;
	const stuck = peer.send("c");
	clock.pass(10_000);
	await stuck;
	assert.is(socket.calls.at(-1), "terminate");
	await peer.send("d");
	assert.is(socket.sent.length, 3);
});

test("a close has a reason of 123 bytes at most, in whole characters, and does not wait for ever", () => {
	const { peer, socket, clock } = peerOf();
	peer.close(1008, "ä".repeat(100));
	assert.equal(socket.calls, [`close 1008 ${"ä".repeat(61)}`]);
	socket.emit("message", Buffer.from("late"), false);
	clock.pass(2_000);
	assert.is(socket.calls.at(-1), "terminate");
});

test.run();
