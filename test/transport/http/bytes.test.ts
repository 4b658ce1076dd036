import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { BytesAnswer } from "../../../src/transport/http/answer.ts";
import { answer, type Behaviour } from "../../helpers/openai-server.ts";
import { against, failure, post, turns } from "./fixture.ts";

/** Answers whose body is bytes, to be read as they come. */

const MP3 = { "content-type": "audio/mpeg" };
const WITH_LENGTH = { ...MP3, "content-length": "10" };

/** What is read until the body ends or breaks. */
async function readAll(bytes: BytesAnswer): Promise<string> {
	let text = "";
	for await (const piece of bytes.chunks) text += Buffer.from(piece).toString();
	return text;
}

/** What had been read when it broke, and the error. */
async function readUntilFailure(bytes: BytesAnswer): Promise<[string, SpearError]> {
	let text = "";
	const error = await failure(
		(async () => {
			for await (const piece of bytes.chunks) text += Buffer.from(piece).toString();
		})(),
	);
	return [text, error];
}

test("gives the media type and the body, and leaves the connection to the next request", () =>
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

test("delivers each piece before the next is sent", () => {
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
	["a last chunk", MP3],
] as const) {
	test(`a body cut before what ${name} promises is an error, never an end`, () =>
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

test("bounds a binary body by its own limit", () =>
	against(
		[answer.text("12345678", MP3), answer.flood(Buffer.from("1234"), MP3)],
		async (client) => {
			assert.is(await readAll(await client.openBytes(post(), "audio/*")), "12345678");
			const [, error] = await readUntilFailure(await client.openBytes(post(), "audio/*"));
			assert.is(error.message, "the backend's answer is malformed: it is larger than 8 bytes");
		},
		{ limits: { maxBodyBytes: 4, maxBinaryBytes: 8 } },
	));

test("a status that is no success is that status's error", () =>
	against([answer.status(429, "", { "retry-after": "2" })], async (client) => {
		const error = await failure(client.openBytes(post(), "audio/*"));
		assert.is(error.code, "rate_limited");
		assert.is(error.retryAfterMs, 2000);
	}));

test("an upstream that falls silent runs out of time", () =>
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

test("an abort closes the socket at once, whether somebody reads or not", () =>
	against([answer.stall(Buffer.from("ab"), MP3)], async (client, server) => {
		const abort = new AbortController();
		const bytes = await client.openBytes(post({ signal: abort.signal }), "audio/*");
		const reason = new SpearError("cancelled", "the guest let go");
		const at = performance.now();
		abort.abort(reason);
		const ending = await (await server.request(0)).ended;
		assert.ok(ending.hungUp && ending.at - at < 50, `closed after ${ending.at - at} ms`);
		assert.is((await readUntilFailure(bytes))[1], reason);
	}));

test("leaving the loop closes the socket, and so does giving up before it", () =>
	against([answer.stall(Buffer.from("ab"), MP3), answer.stall(Buffer.from("ab"), MP3)], async (client, server) => {
		for await (const _ of (await client.openBytes(post(), "audio/*")).chunks) break;
		assert.ok((await (await server.request(0)).ended).hungUp);
		(await client.openBytes(post(), "audio/*")).discard();
		assert.ok((await (await server.request(1)).ended).hungUp);
	}));

test.run();
