import { PassThrough } from "node:stream";
import type { Dispatcher } from "undici";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ReceivedResponse, type ResponseHead } from "../../../src/transport/http/received-response.ts";

/** A connection, and the record of what was asked of it. */
class Connection implements Dispatcher.DispatchController {
	readonly calls: string[] = [];
	aborted = false;
	paused = false;
	reason: Error | null = null;

	abort(reason: Error): void {
		this.aborted = true;
		this.reason = reason;
		this.calls.push("abort");
	}

	pause(): void {
		this.paused = true;
		this.calls.push("pause");
	}

	resume(): void {
		if (this.paused) this.calls.push("resume");
		this.paused = false;
	}
}

function started(): { readonly response: ReceivedResponse; readonly connection: Connection } {
	const response = new ReceivedResponse(undefined);
	const connection = new Connection();
	response.onRequestStart(connection);
	return { response, connection };
}

function headOf(response: ReceivedResponse): Promise<ResponseHead> {
	return new Promise((onHead, onFailure) => response.whenHead({ onHead, onFailure }));
}

const chunk = (bytes: number): Uint8Array => new Uint8Array(bytes);

test("an answer that nobody reads is not read from its socket beyond 64 KiB, and is again once its chunks are taken", () => {
	const { response, connection } = started();
	response.onResponseData(connection, chunk(65_535));
	assert.equal(connection.calls, []);
	response.onResponseData(connection, chunk(1));
	assert.equal(connection.calls, ["pause"]);
	response.take();
	assert.equal(connection.calls, ["pause"]);
	response.take();
	assert.equal(connection.calls, ["pause", "resume"]);
});

test("an informational head is passed over", async () => {
	const { response, connection } = started();
	const head = headOf(response);
	response.onResponseStart(connection, 103, { link: "</a>" });
	assert.is(response.head, undefined);
	response.onResponseStart(connection, 200, { "set-cookie": ["a", "b"] });
	assert.equal(await head, { statusCode: 200, headers: { "set-cookie": "a, b" } });
});

test("chunks before a failure are delivered before it", async () => {
	const { response, connection } = started();
	const broken = new Error("broken");
	response.onResponseData(connection, chunk(3));
	response.onResponseError(connection, broken);
	assert.is(response.take()?.byteLength, 3);
	assert.is(await response.arrival().catch((thrown: unknown) => thrown), broken);
});

test("an abort before the request has begun closes its connection when it begins", async () => {
	const response = new ReceivedResponse(undefined);
	const head = headOf(response);
	const reason = new Error("over");
	response.abort(reason);
	assert.is(await head.catch((thrown: unknown) => thrown), reason);
	const connection = new Connection();
	response.onRequestStart(connection);
	assert.is(connection.reason, reason);
});

test("an abort drops the chunks that wait, wakes the reader and closes the connection once", async () => {
	const { response, connection } = started();
	response.onResponseData(connection, chunk(3));
	const reason = new Error("over");
	response.abort(reason);
	response.abort(new Error("again"));
	response.onResponseData(connection, chunk(3));
	assert.is(response.take(), undefined);
	assert.equal(connection.calls, ["abort"]);
	assert.is(response.failure, reason);
});

test("an abort after the end leaves the connection to the next request", () => {
	const { response, connection } = started();
	response.onResponseEnd();
	response.abort(new Error("late"));
	assert.equal(connection.calls, []);
	assert.is(response.failure, undefined);
});

test("an upload that fails before it is sent fails the answer, and an answer that fails ends the upload", async () => {
	const failing = new PassThrough();
	const response = new ReceivedResponse(failing);
	const head = headOf(response);
	failing.destroy(new Error("no file"));
	assert.is(await head.catch(({ message }: Error) => message), "no file");
	const upload = new PassThrough();
	new ReceivedResponse(upload).onResponseError(null, new Error("refused"));
	assert.ok(upload.destroyed);
});

test.run();
