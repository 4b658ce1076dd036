import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host } from "../../src/index.ts";
import {
	connectionFailure,
	httpFailure,
	type MockBackend,
	type MockScript,
	mockBackend,
	SpearError,
	VirtualClock,
} from "../../src/testing.ts";
import { memoryLog } from "../helpers/memory-log.ts";

async function withHost(backend: MockBackend, check: (host: Host) => Promise<void>): Promise<void> {
	const host = await createHost({ kinds: [backend], config: backend.config, logger: memoryLog().logger });
	try {
		await check(host);
	} finally {
		await host.close();
	}
}

const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "how many bolts?" }], tool_calls: [] }];
const ask = (host: Host) => host.client().call("chat_completions", { messages, tools: [] });

async function failureOf(call: Promise<unknown>): Promise<SpearError> {
	try {
		await call;
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
		throw thrown;
	}
	throw new Error("the call did not fail");
}

test("a backend answers by its script, and keeps the requests by operation", async () => {
	const backend = mockBackend({
		chat: [{ toolCalls: [{ name: "stock", arguments: { sku: "bolt" } }] }, { json: { count: 12 }, usage: { total_tokens: 9 } }],
		embeddings: ({ payload }) => payload.input.map((text) => [text.length, 1]),
	});
	await withHost(backend, async (host) => {
		const first = await ask(host);
		assert.equal(first.payload.message.tool_calls, [{ id: "call-1", name: "stock", arguments: '{"sku":"bolt"}' }]);
		assert.is(first.payload.finish_reason, "tool_calls");
		const second = await host.client().call("chat_completions", { model: "any/name", messages, tools: [] });
		assert.is(second.payload.model, "any/name");
		assert.equal(second.payload.message.content, [{ type: "text", text: '{"count":12}' }]);
		assert.equal(second.payload.usage, { total_tokens: 9 });
		const { payload } = await host.client().call("embeddings", { input: ["ab", "abc"] });
		assert.equal(payload.vectors, [Float32Array.of(2, 1), Float32Array.of(3, 1)]);
	});
	assert.equal(
		backend.requests.map(({ operation, transport, index, backend: name }) => [operation, transport, index, name]),
		[
			["chat_completions", "unary", 0, "mock"],
			["chat_completions", "unary", 1, "mock"],
			["embeddings", "unary", 0, "mock"],
		],
	);
	assert.equal(backend.requestsOf("embeddings")[0]?.payload.input, ["ab", "abc"]);
	assert.equal(backend.requestsOf("chat_completions")[0]?.payload.messages, messages);
	backend.assertUsed();
});

test("a script that is used up says so, and replies that are left are named", async () => {
	const backend = mockBackend({ chat: ["one"], embeddings: [[[1]], [[2]]] });
	await withHost(backend, async (host) => {
		await ask(host);
		const error = await failureOf(ask(host));
		assert.is(error.code, "invalid_request");
		assert.match(error.message, "the script is used up: chat has 1 reply, and this is request 2; add a reply, or give a function");
	});
	assert.is(backend.requests.length, 2);
	assert.throws(() => backend.assertUsed(), /^replies of the script were not used: 2 of embeddings$/);
});

test("a script with an unknown name is refused", () => {
	assert.throws(() => mockBackend({ chats: ["a"] } as MockScript), /the script has no member chats; there are: chat, embeddings/);
});

test("a function of the script that throws fails the request with its message", async () => {
	const backend = mockBackend({
		chat: () => {
			throw new RangeError("not prepared for this");
		},
	});
	await withHost(backend, async (host) => {
		const error = await failureOf(ask(host));
		assert.is(error.code, "invalid_request");
		assert.match(error.message, "the function of the script for chat failed: RangeError: not prepared for this");
	});
});

test("failures of a script count as those of an upstream: the host retries what may be retried", async () => {
	const backend = mockBackend({ chat: [httpFailure(503), connectionFailure(), "third", httpFailure(400, { message: "no such tool" })] });
	await withHost(backend, async (host) => {
		assert.is((await ask(host)).payload.model, "mock");
		const error = await failureOf(ask(host));
		assert.is(error.code, "invalid_request");
		assert.match(error.message, "the backend finds the request invalid (status 400): no such tool");
	});
	assert.throws(() => httpFailure(200), /from 300 to 599, and is 200/);
	assert.is(httpFailure(429, { retryAfterMs: 50 }).retryAfterMs, 50);
});

test("a stream yields its parts at the times of a virtual clock, and breaks off with its failure", async () => {
	const clock = new VirtualClock();
	const failure = new SpearError("backend_error", "the connection was lost");
	const backend = mockBackend({ chat: [{ text: ["to", "night"], delayMs: 1_000, everyMs: 500, failure }] }, { clock });
	await withHost(backend, async (host) => {
		const seen: [string, number][] = [];
		const read = (async () => {
			for await (const event of host.client().stream("chat_completions", { messages, tools: [] }))
				if (event.type === "text") seen.push([event.text, clock.now()]);
		})();
		read.catch(() => {});
		while (seen.length < 2) await clock.advanceToNext();
		assert.is((await failureOf(read)).message, "the connection was lost");
		assert.equal(seen, [
			["to", 1_000],
			["night", 1_500],
		]);
	});
});

test("images, speech and transcripts are stored and streamed as those of an upstream", async () => {
	const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);
	const backend = mockBackend({
		images: [png],
		speech: [{ audio: [Uint8Array.of(1, 2), Uint8Array.of(3)], mimeType: "audio/pcm", sampleRate: 16_000 }],
		transcription: [{ text: ["good ", "day"], language: "en" }],
	});
	await withHost(backend, async (host) => {
		const client = host.client();
		const drawn = await client.call("image_generation", { task: { type: "generate" }, prompt: "a bolt" });
		const [image] = drawn.payload.images;
		assert.ok(image !== undefined);
		assert.is(image.mime_type, "image/png");
		assert.equal(await client.media.get(image.media), png);
		const spoken: number[] = [];
		for await (const event of client.stream("text_to_speech", { input: { type: "text", text: "hi" } }))
			if (event.type === "audio") spoken.push(...event.audio);
		assert.equal(spoken, [1, 2, 3]);
		const heard = await client.call("speech_to_text", { audio: { type: "inline", inline: { data: png, mime_type: "audio/wav" } } });
		assert.is(heard.payload.text, "good day");
	});
	backend.assertUsed();
});

test("each turn of a realtime session is answered, and its input is kept", async () => {
	const backend = mockBackend({
		realtime: ["hello", { toolCalls: [{ name: "stock" }] }, ({ input }) => `got ${input.map(({ type }) => type)}`],
	});
	await withHost(backend, async (host) => {
		const session = await host.client().connect({ mode: "conversation", input_format: "pcm16", tools: [] });
		const seen: string[] = [];
		let turn = 0;
		const next = (): void => {
			turn += 1;
			if (turn === 1) session.send({ type: "send_text", text: "again" });
			if (turn === 2) session.send({ type: "send_tool_result", call_id: "call-1", output: "12" });
			if (turn === 3) session.close();
		};
		session.send({ type: "send_text", text: "hi" });
		for await (const event of session) {
			if (event.type === "text") seen.push(event.text.text);
			if (event.type === "tool_call") seen.push(event.tool_call.name);
			if (event.type === "response_done") next();
		}
		assert.equal(seen, ["hello", "stock", "got send_tool_result"]);
	});
	assert.equal(
		backend.requestsOf("realtime_voice").map(({ input }) => input),
		[
			[{ type: "send_text", text: "hi" }],
			[{ type: "send_text", text: "again" }],
			[{ type: "send_tool_result", call_id: "call-1", output: "12" }],
		],
	);
});

test.run();
