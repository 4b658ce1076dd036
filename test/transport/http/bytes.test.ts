import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { BytesAnswer } from "../../../src/transport/http/answer.ts";
import { answer, type Behaviour } from "../../helpers/openai-server.ts";
import { against, failure, post, turns } from "./fixture.ts";

const MP3 = { "content-type": "audio/mpeg" };
const WITH_LENGTH = { ...MP3, "content-length": "10" };

/** Returns the body. */
async function readAll(bytes: BytesAnswer): Promise<string> {
	let text = "";
	for await (const chunk of bytes.chunks) text += Buffer.from(chunk).toString();
	return text;
}

/** Returns the part of the body before the error, and the error. */
async function readUntilFailure(bytes: BytesAnswer): Promise<[string, SpearError]> {
	let text = "";
	const error = await failure(
		(async () => {
			for await (const chunk of bytes.chunks) text += Buffer.from(chunk).toString();
		})(),
	);
	return [text, error];
}

test("a binary answer has its media type and body, and its connection is reused", () =>
	against(
		[answer.stream([Buffer.from("ab"), Buffer.from("cd")], { "content-type": "Audio/MPEG; x=1" }), answer.json(1)],
		async (client, server) => {
			const bytes = await client.openBytes(post(), "audio/*");
			assert.is(server.requests[0]?.headers.accept, "audio/*");
			assert.is(bytes.contentType, "audio/mpeg");
			assert.is(await readAll(bytes), "abcd");
			await turns(5);
			await client.requestJson(post());
			assert.is(server.requests[0]?.clientPort, server.requests[1]?.clientPort);
		},
	));

test("a chunk of a binary answer is delivered before the next is sent", () => {
	const next = Promise.withResolvers<void>();
	const slowly: Behaviour = async (response) => {
		response.writeHead(200, MP3);
		response.write("first");
		await next.promise;
		response.end("second");
	};
	return against([slowly], async (client) => {
		const { chunks } = await client.openBytes(post(), "audio/*");
		assert.is(Buffer.from((await chunks.next()).value ?? []).toString(), "first");
		next.resolve();
		assert.is(Buffer.from((await chunks.next()).value ?? []).toString(), "second");
		assert.is((await chunks.next()).done, true);
	});
});

for (const [name, headers] of [
	["a Content-Length", WITH_LENGTH],
	["chunked encoding", MP3],
] as const) {
	test(`a binary body that is cut before the end that ${name} announces is an error`, () =>
		against([answer.cutOff(Buffer.from("abc"), headers)], async (client) => {
			const [text, error] = await readUntilFailure(await client.openBytes(post(), "audio/*"));
			assert.is(text, "abc");
			assert.equal(error.toRecord(), {
				code: "backend_error",
				message: "the backend's answer ended before it was complete",
				retryable: true,
			});
		}));
}

/** Sends the beginning of an answer, and ends the connection when the client has read it. */
const ending =
	(headers: string, body: string, how: "end" | "resetAndDestroy"): Behaviour =>
	async ({ socket }) => {
		socket?.write(`HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\n${headers}\r\n\r\n${body}`);
		await read.promise;
		socket?.[how]();
	};

let read = Promise.withResolvers<void>();

for (const [name, behaviour] of [
	["a reset connection, which would end an answer without a length", ending("connection: close", "abc", "resetAndDestroy")],
	["a reset connection in chunked encoding", ending("connection: close\r\ntransfer-encoding: chunked", "3\r\nabc\r\n", "resetAndDestroy")],
	["the end of the connection in chunked encoding", ending("connection: close\r\ntransfer-encoding: chunked", "3\r\nabc\r\n", "end")],
	["the end of the connection before a Content-Length", ending("connection: close\r\ncontent-length: 9", "abc", "end")],
] as const) {
	test(`a binary body is cut by ${name}`, () =>
		against([behaviour], async (client) => {
			read = Promise.withResolvers();
			const { chunks } = await client.openBytes(post(), "audio/*");
			assert.is(Buffer.from((await chunks.next()).value ?? []).toString(), "abc");
			read.resolve();
			const error = await failure(chunks.next());
			assert.equal([error.message, error.retryable], ["the backend's answer ended before it was complete", true]);
		}));
}

test("a binary body without a length is whole when the connection ends", () =>
	against([ending("connection: close", "abc", "end")], async (client) => {
		read = Promise.withResolvers();
		read.resolve();
		assert.is(await readAll(await client.openBytes(post(), "audio/*")), "abc");
	}));

test("a binary body has a size limit of its own", () =>
	against(
		[answer.text("12345678", MP3), answer.flood(Buffer.from("1234"), MP3)],
		async (client) => {
			assert.is(await readAll(await client.openBytes(post(), "audio/*")), "12345678");
			const [, error] = await readUntilFailure(await client.openBytes(post(), "audio/*"));
			assert.is(error.message, "the backend's answer is malformed: it is larger than 8 bytes");
		},
		{ limits: { maxBodyBytes: 4, maxBinaryBytes: 8 } },
	));

test("a binary answer whose status is not a success fails with that status's error", () =>
	against([answer.status(429, "", { "retry-after": "2" })], async (client) => {
		const error = await failure(client.openBytes(post(), "audio/*"));
		assert.is(error.code, "rate_limited");
		assert.is(error.retryAfterMs, 2000);
	}));

test("a binary answer that does not begin or continue in time is a timeout", () =>
	against(
		[answer.silence(), answer.stall(Buffer.from("ab"), MP3)],
		async (client) => {
			assert.is(
				(await failure(client.openBytes(post(), "audio/*"))).message,
				"the backend sent no answer within 40 ms (first_byte_timeout_ms of the backend)",
			);
			const [text, error] = await readUntilFailure(await client.openBytes(post(), "audio/*"));
			assert.is(text, "ab");
			assert.is(error.message, "the backend sent nothing more within 40 ms (idle_timeout_ms of the backend)");
		},
		{ timeouts: { firstByteTimeoutMs: 40, idleTimeoutMs: 40 } },
	));

test("an abort closes the socket of a binary answer while no reader waits", () =>
	against([answer.stall(Buffer.from("ab"), MP3)], async (client, server) => {
		const abort = new AbortController();
		const bytes = await client.openBytes(post({ signal: abort.signal }), "audio/*");
		const reason = new SpearError("cancelled", "the guest dropped the handle");
		abort.abort(reason);
		assert.ok((await (await server.request(0)).ended).clientClosed);
		assert.is((await readUntilFailure(bytes))[1], reason);
	}));

test("leaving the loop over a binary body closes the socket, and so does discarding it", () =>
	against([answer.stall(Buffer.from("ab"), MP3), answer.stall(Buffer.from("ab"), MP3)], async (client, server) => {
		for await (const _ of (await client.openBytes(post(), "audio/*")).chunks) break;
		assert.ok((await (await server.request(0)).ended).clientClosed);
		(await client.openBytes(post(), "audio/*")).discard();
		assert.ok((await (await server.request(1)).ended).clientClosed);
	}));

test.run();
