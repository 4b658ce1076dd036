import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { stub } from "../../../../src/backends/kinds/stub/index.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { chatEnvelope, collect, parts, say } from "../../chat-envelope.ts";
import { contextOf } from "../../context.ts";

const context = contextOf();
const ADD: cchat.Tool = { name: "add", parameters: { type: "object" } };

function chatOf(options: Record<string, unknown> = {}): { chat: ChatCompletionsBackend; close: () => Promise<void> } {
	const backend = stub.create({ name: "stub", kind: "stub", models: [], options });
	const chat = backend.operations.chat_completions;
	if (chat === undefined) throw new Error("the stub serves no chat");
	return { chat, close: () => backend.close() };
}

const { chat } = chatOf();

async function failure(promise: Promise<unknown>): Promise<SpearError> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof SpearError) return error;
	}
	throw new Error("it should have failed");
}

/** Returns the text of an answer with one part. */
async function textOf(payload: Partial<cchat.Request>): Promise<string> {
	const { message } = await chat.unary(chatEnvelope(payload), context);
	return message.content.map((part) => (part.type === "text" ? part.text : `<${part.type}>`)).join("");
}

test("the stub repeats the last user message and counts words", async () => {
	assert.equal(
		await chat.unary(
			chatEnvelope({
				messages: [say("system", "Be brief."), say("user", "first"), say("assistant", "stub: …"), say("user", "two  words")],
			}),
			context,
		),
		{
			model: "stub-chat",
			message: { role: "assistant", content: [{ type: "text", text: "stub: you said two  words" }], tool_calls: [] },
			finish_reason: "stop",
			usage: { input_tokens: 7, output_tokens: 5, total_tokens: 12 },
		},
	);
	assert.is(await textOf({ messages: [parts("user", { type: "text", text: "a" }, { type: "text", text: "b" })] }), "stub: you said a\nb");
	assert.is(await textOf({ messages: [say("system", "Be brief.")] }), "stub: you said nothing");
});

test("the stub calls an offered tool that the user names, and repeats its result", async () => {
	const ask = say("user", 'Please call add {"a": 1, "b": {"c": 2}}');
	const called = await chat.unary(chatEnvelope({ messages: [ask], tools: [ADD] }), context);
	assert.equal(called, {
		model: "stub-chat",
		message: { role: "assistant", content: [], tool_calls: [{ id: "stub-call-1", name: "add", arguments: '{"a": 1, "b": {"c": 2}}' }] },
		finish_reason: "tool_calls",
		usage: { input_tokens: 8, output_tokens: 5, total_tokens: 13 },
	});
	const after = [ask, called.message, say("tool", "3", { tool_call_id: "stub-call-1" })];
	assert.is(await textOf({ messages: after, tools: [ADD] }), "stub: tool said 3");
	const again = await chat.unary(chatEnvelope({ messages: [...after, say("assistant", "stub: tool said 3"), ask], tools: [ADD] }), context);
	assert.is(again.message.tool_calls[0]?.id, "stub-call-2");
});

test("the stub makes no call that is not offered, not JSON or not allowed", async () => {
	const said = (text: string) => `stub: you said ${text}`;
	assert.is(await textOf({ messages: [say("user", "call add {}")] }), said("call add {}"));
	assert.is(await textOf({ messages: [say("user", "call sub {}")], tools: [ADD] }), said("call sub {}"));
	assert.is(await textOf({ messages: [say("user", "call add {a}")], tools: [ADD] }), said("call add {a}"));
	assert.is(await textOf({ messages: [say("user", "call add {}")], tools: [ADD], tool_choice: { type: "none" } }), said("call add {}"));
});

test("the stub refuses a required tool call that the user's message does not name", async () => {
	const named = chatEnvelope({ messages: [say("user", "Hi")], tools: [ADD], tool_choice: { type: "named", named: "add" } });
	assert.equal((await failure(chat.unary(named, context))).toRecord(), {
		code: "invalid_request",
		message: 'tool_choice: the stub calls a tool only if the last user message is "call add {…}" with JSON arguments',
		retryable: false,
	});
	const spelled = chatEnvelope({ messages: [say("user", "call add {}")], tools: [ADD], tool_choice: { type: "required" } });
	assert.is((await chat.unary(spelled, context)).finish_reason, "tool_calls");
});

test("stop sequences and the length limit cut the stub's answer", async () => {
	const messages = [say("user", "one two three four")];
	assert.is(await textOf({ messages, params: { stop: ["four", " three"] } }), "stub: you said one two");
	const short = await chat.unary(chatEnvelope({ messages, params: { stop: [], max_output_tokens: 4 } }), context);
	assert.equal(short.message.content, [{ type: "text", text: "stub: you said one" }]);
	assert.is(short.finish_reason, "length");
	assert.is(short.usage?.output_tokens, 4);
});

test("the stub answers a text of a million words with its beginning, and estimates its usage", async () => {
	const { message, finish_reason, usage } = await chat.unary(chatEnvelope({ messages: [say("user", "x ".repeat(1_000_000))] }), context);
	assert.equal(message.content, [{ type: "text", text: `stub: you said ${"x ".repeat(32_760)}x` }]);
	assert.is(finish_reason, "length");
	assert.is(usage?.input_tokens, 131_072 + Math.ceil((2_000_000 - 262_144) / 6));
});

test("the stub streams word by word and completes with the unary answer", async () => {
	const envelope = chatEnvelope({ messages: [say("user", "two  words ")] });
	const completed = await chat.unary(envelope, context);
	assert.equal(await collect(chat.stream(envelope, context)), [
		{ type: "text", text: "stub:" },
		{ type: "text", text: " you" },
		{ type: "text", text: " said" },
		{ type: "text", text: " two" },
		{ type: "text", text: "  words" },
		{ type: "text", text: " " },
		{ type: "usage", usage: { input_tokens: 2, output_tokens: 5, total_tokens: 7 } },
		{ type: "completed", completed },
	]);
	const call = chatEnvelope({ messages: [say("user", 'call add {"a": 1}')], tools: [ADD] });
	assert.equal((await collect(chat.stream(call, context))).slice(0, 3), [
		{ type: "tool_call", tool_call: { index: 0, id: "stub-call-1", name: "add", arguments: "" } },
		{ type: "tool_call", tool_call: { index: 0, arguments: '{"a":' } },
		{ type: "tool_call", tool_call: { index: 0, arguments: " 1}" } },
	]);
});

test("the stub answers as JSON, and with a made-up value of a schema", async () => {
	const messages = [say("user", 'say "hi"')];
	assert.equal(JSON.parse(await textOf({ messages, response_format: { type: "json_object" } })), { text: 'stub: you said say "hi"' });
	const schema = {
		type: "object",
		properties: { part: { type: "string" }, count: { type: "integer", minimum: 1 } },
		required: ["part", "count"],
	};
	const response_format = { type: "json_schema" as const, json_schema: { name: "order", schema } };
	assert.is(await textOf({ messages, response_format }), '{"part":"stub","count":1}');
	const call = say("user", 'call add {"a": 1}');
	const called = await chat.unary(chatEnvelope({ messages: [call], tools: [ADD], response_format }), context);
	assert.is(called.finish_reason, "tool_calls");
});

test("the stub refuses unsupported features by name", async () => {
	const image: cchat.ContentPart = { type: "image", image: { source: { type: "stored", stored: "sms+file://1" } } };
	const cases: [Partial<cchat.Request>, string][] = [
		[{ messages: [parts("user", image)] }, "supports_vision"],
		[{ tools: [{ ...ADD, strict: true }] }, "supports_strict_tools"],
		[{ params: { stop: [], parallel_tool_calls: true } }, "supports_parallel_tool_calls"],
	];
	for (const [payload, feature] of cases) {
		assert.equal((await failure(chat.unary(chatEnvelope(payload), context))).toRecord(), {
			code: "missing_capabilities",
			message: `the stub does not offer ${feature}`,
			retryable: false,
		});
		assert.is((await failure(collect(chat.stream(chatEnvelope(payload), context)))).code, "missing_capabilities");
	}
});

test("the stub waits before each word, and an abort ends the wait", async () => {
	const slow = chatOf({ delay_ms: 20 }).chat;
	const fourWords = slow.unary(chatEnvelope(), context).then(() => "four words");
	const threeDelays = new Promise((resolve) => setTimeout(resolve, 60, "three delays"));
	assert.is(await Promise.race([fourWords, threeDelays]), "three delays");
	await fourWords;
	const abort = new AbortController();
	const endless = chatOf({ delay_ms: 60_000 }).chat;
	const waiting = failure(endless.unary(chatEnvelope(), contextOf({ signal: abort.signal })));
	const reason = new SpearError("timeout", "enough");
	abort.abort(reason);
	assert.is(await waiting, reason);
	assert.is((await failure(collect(chat.stream(chatEnvelope(), contextOf({ signal: AbortSignal.abort() }))))).code, "cancelled");
});

test("closing the stub ends its calls in flight", async () => {
	const { chat: slow, close } = chatOf({ delay_ms: 60_000 });
	const waiting = failure(slow.unary(chatEnvelope(), context));
	await close();
	assert.equal((await waiting).toRecord(), {
		code: "cancelled",
		message: "the backend was shut down while it served this call",
		retryable: false,
	});
});

test("the stub declares its capabilities and refuses unknown options", () => {
	const { capabilities } = stub.create({ name: "stub", kind: "stub", models: [], options: {} });
	assert.equal(capabilities.chat_completions?.features, ["supports_json_mode", "supports_json_schema", "supports_seed", "supports_tools"]);
	assert.equal(capabilities.chat_completions?.transports, ["unary", "server_stream"]);
	assert.throws(() => chatOf({ delay: 1 }), "backends.stub.options.delay is not an option; the options are delay_ms");
});

test.run();
