import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requestToIr as asrToIr } from "../../generated/abi/component/convert/asr.ts";
import { requestToIr as chatToIr } from "../../generated/abi/component/convert/cchat.ts";
import { requestToIr as embToIr } from "../../generated/abi/component/convert/emb.ts";
import { requestToIr as imgToIr } from "../../generated/abi/component/convert/img.ts";
import { requestToIr as ttsToIr } from "../../generated/abi/component/convert/tts.ts";
import type * as wit from "../../generated/abi/component/wit/cchat.ts";
import type { EventStream as TransformStream } from "../../generated/hostcall/transform.ts";
import type { JsonObject, JsonValue } from "../../generated/ir/json.ts";
import type * as transform from "../../generated/ir/transform.ts";
import type { CallOptions } from "../../generated/ir/types.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createAsr } from "../../src/hostcall/asr.ts";
import { createCchat } from "../../src/hostcall/cchat.ts";
import { createEmb } from "../../src/hostcall/emb.ts";
import { createImg } from "../../src/hostcall/img.ts";
import { createTransform } from "../../src/hostcall/transform.ts";
import { createTts } from "../../src/hostcall/tts.ts";
import { chatRequests, type Pair } from "../helpers/chat-pairs.ts";
import { type StubScope, stubScope } from "../helpers/stub-scope.ts";

const OPTIONS: CallOptions = {
	task_id: "t",
	timeout_ms: 5_000,
	routing: { allowlist: ["stub"], denylist: [], preferred: [] },
	requirements: { required_ops: [], required_features: [], required_transports: [] },
	provider_options: {},
};

/** Every object with its members the other way round: their order must not matter, but in a JSON Schema, which is the author's. */
function reversed(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(reversed);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.reverse()
			.map(([key, each]) => [key, key === "parameters" || key === "schema" ? each : reversed(each)]),
	);
}

async function failure(promise: Promise<unknown>): Promise<SpearError> {
	const thrown: unknown = await promise.then(
		() => new Error("did not fail"),
		(reason) => reason,
	);
	if (thrown instanceof SpearError) return thrown;
	throw thrown;
}

/** All events of a stream, the last one its terminal event. */
async function readAll(stream: TransformStream): Promise<transform.Event[]> {
	const events: transform.Event[] = [];
	for (;;) {
		const event = await stream.next();
		events.push(event);
		if (event.type !== "item") return events;
	}
}

/** Lets a call fail: the stub does not offer all that a request may demand. */
async function whatever(promise: Promise<unknown>): Promise<void> {
	await promise.catch((thrown: unknown) => assert.instance(thrown, SpearError));
}

test("a chat request makes the same envelope by either entrance, byte by byte", () =>
	fc.assert(
		fc.asyncProperty(chatRequests, fc.boolean(), fc.constantFrom(undefined, OPTIONS), async (request, backwards, options) => {
			const [typed, generic] = await envelopes(request, options, backwards);
			assert.is(generic, typed);
		}),
		{ numRuns: 300 },
	));

async function envelopes({ json, wit }: Pair<wit.Request>, options: CallOptions | undefined, backwards: boolean): Promise<unknown[]> {
	const scopes = [stubScope(), stubScope()] as const;
	await whatever(createCchat(scopes[0]).complete(chatToIr(wit), options));
	const text = JSON.stringify(backwards ? reversed(json) : json);
	await whatever(createTransform(scopes[1]).call("chat_completions", JSON.parse(text), options));
	assert.is(scopes[0].requests.length, 1);
	return [scopes[0].requests[0], scopes[1].requests[0]];
}

const WAV = new Uint8Array([1, 2, 3, 250]);
const CLIP = { clip: { bytes: WAV, mimeType: "audio/wav" } };

/** One request of each family, by either entrance, and by the stream where the family has one. */
const EXAMPLES: { readonly operation: string; readonly typed: (scope: StubScope) => Promise<unknown>; readonly json: JsonObject }[] = [
	{
		operation: "embeddings",
		typed: (scope) => createEmb(scope).embed(embToIr({ input: ["one", "two"] }), undefined),
		json: { input: ["one", "two"] },
	},
	{
		operation: "image_generation",
		typed: (scope) =>
			createImg(scope).create(imgToIr({ task: { tag: "generate" }, prompt: "a bolt", size: { width: 8, height: 4 }, seed: 7 }), undefined),
		json: { seed: 7, size: { height: 4, width: 8 }, prompt: "a bolt", task: { type: "generate" } },
	},
	{
		operation: "speech_to_text",
		typed: (scope) =>
			createAsr(scope).transcribe(
				asrToIr({ audio: { tag: "inline", val: { data: WAV, mimeType: "audio/wav" } }, language: "de" }),
				undefined,
			),
		json: { language: "de", audio: { inline: { mime_type: "audio/wav", data: "AQID+g==" }, type: "inline" } },
	},
	{
		operation: "speech_to_text",
		typed: (scope) => createAsr(scope).transcribe(asrToIr({ audio: { tag: "stored", val: "sms+file://clip" } }), undefined),
		json: { audio: { type: "stored", stored: "sms+file://clip" } },
	},
	{
		operation: "text_to_speech",
		typed: (scope) => createTts(scope).synthesize(ttsToIr({ input: { tag: "text", val: "hello" }, format: "wav" }), undefined),
		json: { format: "wav", input: { text: "hello", type: "text" } },
	},
];

for (const { operation, typed, json } of EXAMPLES) {
	test(`${operation} (${Object.keys(json).join(", ")}) makes the same envelope and gives the same answer by either entrance`, async () => {
		const [one, other] = [stubScope({ media: CLIP }), stubScope({ media: CLIP })];
		const answer = await typed(one);
		const generic = await createTransform(other).call(operation, json, undefined);
		assert.is(one.requests.length, 1);
		assert.equal(other.requests, one.requests);
		assert.is(JSON.stringify(generic), JSON.stringify(plain(answer, generic)));
	});
}

/** The typed answer as JSON has it, with its members in the order of the other, which may differ. */
function plain(value: unknown, like: unknown): unknown {
	if (value instanceof Float32Array) return Array.from(value);
	if (Array.isArray(value)) return value.map((item, index) => plain(item, Reflect.get(Object(like), index)));
	if (typeof value !== "object" || value === null) return value;
	const keys = Object.keys(Object(like));
	assert.equal([...keys].sort(), Object.keys(value).sort());
	return Object.fromEntries(keys.map((key) => [key, plain(Reflect.get(value, key), Reflect.get(Object(like), key))]));
}

test("vectors come as numbers, and bytes in an event as base64", async () => {
	const scope = stubScope();
	const { vectors } = Object(await createTransform(scope).call("embeddings", { input: ["one"] }, undefined));
	assert.type(vectors[0][0], "number");
	const speech = await createTransform(scope).callStream(
		"text_to_speech",
		{ input: { type: "text", text: "hi" }, format: "wav" },
		undefined,
	);
	const [first] = await readAll(speech);
	assert.is(first?.type, "item");
	const { item } = Object(first);
	assert.is(item.type, "audio");
	assert.is(Buffer.from(item.audio, "base64").subarray(0, 4).toString("latin1"), "RIFF");
});

test("a stream delivers the operation's own events, and in the end what a call answers", async () => {
	const scope = stubScope();
	const payload = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
	const answer = await createTransform(scope).call("chat_completions", payload, undefined);
	const events = await readAll(await createTransform(scope).callStream("chat_completions", payload, undefined));
	assert.equal(events, [
		...["stub:", " you", " said", " hi"].map((text) => ({ type: "item", item: { type: "text", text } })),
		{ type: "item", item: { type: "usage", usage: { input_tokens: 1, output_tokens: 4, total_tokens: 5 } } },
		{ type: "completed", completed: answer },
	]);
	assert.equal(JSON.parse(scope.requests[1] ?? "").requirements.required_transports, ["server_stream"]);
});

test("a failure names the operation and carries the router's account, in a stream's terminal event too", async () => {
	const scope = stubScope({ instances: { keyless: { hasKey: false } } });
	const payload = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
	const error = await failure(createTransform(scope).call("chat_completions", payload, undefined));
	assert.is(error.code, "no_candidate_backend");
	assert.is(error.operation, "chat_completions");
	const [last] = await readAll(await createTransform(scope).callStream("chat_completions", payload, undefined));
	assert.ok(last?.type === "failed");
	assert.is(last.failed.code, "no_candidate_backend");
	assert.is(last.failed.operation, "chat_completions");
	assert.equal(last.failed.explanation?.rejected, [{ backend: "keyless", reason: "no_key" }]);
});

test("what is wrong with a payload is said by JSON Pointer, and nothing is sent", async () => {
	const said = (more: JsonObject) => ({ messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }], ...more });
	const cases: [JsonValue, string][] = [
		[[], "payload: must be object"],
		[{}, "/messages: is required"],
		[said({ messages: [{ role: "user", content: [{ type: "texd", text: "hi" }] }] }), "/messages/0/content/0/type: names no known case"],
		[said({ messages: [{ role: "user", content: [{ type: 1 }] }] }), "/messages/0/content/0/type: must be the name of a case"],
		[said({ messages: [{ role: "robot", content: [] }] }), "/messages/0/role: must be one of system, user, assistant, tool"],
		[said({ "odd/name": 1 }), "/odd~1name: no such key"],
		[said({ params: { temperature: 3, stop: "x" } }), "/params/temperature: must be <= 2; /params/stop: must be array"],
		[
			said({
				messages: [
					{
						role: "user",
						content: [{ type: "image", image: { source: { type: "inline", inline: { data: "A", mime_type: "image/png" } } } }],
					},
				],
			}),
			"/messages/0/content/0/image/source/inline/data: must be base64 in full groups of four characters",
		],
	];
	const scope = stubScope();
	for (const [payload, message] of cases) {
		const error = await failure(createTransform(scope).call("chat_completions", payload, undefined));
		assert.equal([error.code, error.message, error.operation], ["invalid_request", message, "chat_completions"]);
		assert.is((await failure(createTransform(scope).callStream("chat_completions", payload, undefined))).message, message);
	}
	assert.equal(scope.requests, []);
});

test("of many faults the first ten are told", async () => {
	const payload = { input: Array.from({ length: 30 }, () => 1) };
	const { message } = await failure(createTransform(stubScope()).call("embeddings", payload, undefined));
	assert.is(message.split("; ").length, 11);
	assert.match(message, /^\/input\/0: must be string; .*; and at least 20 more$/);
});

test("rules across members are those of the typed family", async () => {
	const payload = { messages: [{ role: "tool", content: [{ type: "text", text: "4" }], tool_call_id: "x" }] };
	const generic = await failure(createTransform(stubScope()).call("chat_completions", payload, undefined));
	const typed = await failure(
		createCchat(stubScope()).complete(
			chatToIr({ messages: [{ role: "tool", content: [{ tag: "text", val: "4" }], toolCallId: "x" }] }),
			undefined,
		),
	);
	assert.is(generic.message, typed.message);
});

test("an operation that is unknown, or that has no such shape, is refused with what to do instead", async () => {
	const api = createTransform(stubScope());
	const cases: [Promise<unknown>, string][] = [
		[
			api.call("chat", {}, undefined),
			"operation: 'chat' is not known; there are speech_to_text, chat_completions, embeddings, image_generation, realtime_voice, text_to_speech",
		],
		[
			api.call("realtime_voice", {}, undefined),
			"operation: realtime_voice has no 'call': it is a session with input of its own, which JSON calls cannot carry; use the interface 'rt'",
		],
		[
			api.callStream("realtime_voice", {}, undefined),
			"operation: realtime_voice has no 'call-stream': it is a session with input of its own, which JSON calls cannot carry; use the interface 'rt'",
		],
		[api.callStream("embeddings", {}, undefined), "operation: embeddings has no 'call-stream': use 'call'"],
	];
	for (const [call, message] of cases) {
		const error = await failure(call);
		assert.equal([error.code, error.message], ["invalid_request", message]);
	}
});

test.run();
