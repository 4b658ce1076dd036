import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { GeneratedResponse } from "../../../../../src/backends/protocols/llama-cpp/library.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { contextOf } from "../../../context.ts";
import type { FakeRequest } from "../fake-library.ts";
import { fakeInstance } from "../instance.ts";

type Script = (options: FakeRequest["options"]) => Omit<GeneratedResponse, "response"> & { response?: string };

/** Returns the events and the whole answer of equal requests. */
async function answersOf(script: Script): Promise<{ events: cchat.Event[]; whole: cchat.Response }> {
	const { library, chat } = fakeInstance();
	library.answer = async ({ options }) => ({ response: "", ...script(options) });
	const envelope = chatEnvelope({ tools: [{ name: "find", parameters: { type: "object", additionalProperties: false } }] });
	return { events: await collect(chat.stream(envelope, contextOf())), whole: await chat.unary(envelope, contextOf()) };
}

const ended = (stopReason: string): { metadata: { stopReason: string } } => ({ metadata: { stopReason } });

test("text arrives in chunks, and the whole answer joins the same chunks", async () => {
	const { events, whole } = await answersOf((options) => {
		for (const text of ["Hel", "", "lo"]) options.onResponseChunk({ text });
		return ended("eogToken");
	});
	const usage = { input_tokens: 8, output_tokens: 1, total_tokens: 9 };
	assert.equal(whole, {
		model: "tiny",
		message: { role: "assistant", content: [{ type: "text", text: "Hello" }], tool_calls: [] },
		finish_reason: "stop",
		usage,
	});
	assert.equal(events, [
		{ type: "text", text: "Hel" },
		{ type: "text", text: "lo" },
		{ type: "usage", usage },
		{ type: "completed", completed: whole },
	]);
});

test("a thought is reasoning, a comment is text", async () => {
	const { events, whole } = await answersOf((options) => {
		options.onResponseChunk({ segmentType: "thought", text: "Let " });
		options.onResponseChunk({ segmentType: "thought", text: "me see." });
		options.onResponseChunk({ segmentType: "comment", text: "Well: " });
		options.onResponseChunk({ text: "2" });
		return ended("stopGenerationTrigger");
	});
	assert.equal(whole.message.content, [
		{ type: "reasoning", reasoning: { text: "Let me see." } },
		{ type: "text", text: "Well: 2" },
	]);
	assert.equal(events.slice(0, 2), [
		{ type: "reasoning", reasoning: "Let " },
		{ type: "reasoning", reasoning: "me see." },
	]);
});

test("tool calls arrive in pieces, without the line breaks that end a grammar", async () => {
	const { events, whole } = await answersOf((options) => {
		const call = (callIndex: number, paramsChunk: string): void =>
			options.onFunctionCallParamsChunk?.({ callIndex, functionName: "find", paramsChunk });
		for (const piece of ['{"w":', " ", '"a b"}', "\n", "\n\n"]) call(0, piece);
		for (const piece of ["{", "}", "\n"]) call(1, piece);
		return ended("functionCalls");
	});
	assert.is(whole.finish_reason, "tool_calls");
	assert.equal(
		whole.message.tool_calls.map(({ name, arguments: text }) => ({ name, text })),
		[
			{ name: "find", text: '{"w": "a b"}' },
			{ name: "find", text: "{}" },
		],
	);
	const [first, second] = whole.message.tool_calls.map(({ id }) => id);
	assert.match(first ?? "", /^[A-Za-z0-9]{9}$/);
	assert.is.not(first, second);
	const deltas = events.flatMap((event) => (event.type === "tool_call" && event.tool_call.index === 0 ? [event.tool_call.arguments] : []));
	assert.equal(deltas, ["", '{"w":', ' "a b"}']);
});

test("a call of which only the end is reported has its arguments all the same", async () => {
	const { whole } = await answersOf(() => ({ ...ended("functionCalls"), functionCalls: [{ functionName: "find", params: undefined }] }));
	assert.equal(
		whole.message.tool_calls.map((call) => call.arguments),
		["{}"],
	);
});

test("each reason for the end has its finish reason", async () => {
	const reasonOf = async (reason: string): Promise<string> => (await answersOf(() => ended(reason))).whole.finish_reason;
	assert.is(await reasonOf("eogToken"), "stop");
	assert.is(await reasonOf("customStopTrigger"), "stop");
	assert.is(await reasonOf("maxTokens"), "length");
	assert.is(await reasonOf("something new"), "other");
});

test("an answer that fills the context ends with its length, and no message is dropped", async () => {
	const { whole } = await answersOf((options) => {
		options.onResponseChunk({ text: "Once upon" });
		return { ...ended("eogToken"), response: String(options.contextShift.size()) };
	});
	assert.is(whole.finish_reason, "length");
	assert.equal(whole.message.content, [{ type: "text", text: "Once upon" }]);
});

test.run();
