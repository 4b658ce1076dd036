import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { refusalOf, requestOf, requestText, type Settings } from "./request-of.ts";
import { sealed } from "./stream-cases.ts";

const sent = (list: readonly cchat.Message[], settings?: Settings): unknown => {
	const { contents, systemInstruction } = requestOf({ messages: [...list] }, settings);
	return { contents, ...(systemInstruction === undefined ? {} : { systemInstruction }) };
};
const contents = (list: readonly cchat.Message[], settings?: Settings): unknown => requestOf({ messages: [...list] }, settings).contents;
const user = (...of: unknown[]) => ({ role: "user", parts: of.map((part) => (typeof part === "string" ? { text: part } : part)) });
const model = (...of: unknown[]) => ({ role: "model", parts: of.map((part) => (typeof part === "string" ? { text: part } : part)) });
const calls = (...ids: string[]): cchat.Message => ({
	role: "assistant",
	content: [],
	tool_calls: ids.map((id) => ({ id, name: `f_${id}`, arguments: "{}" })),
});
const result = (id: string, text: string, more: Partial<cchat.Message> = {}): cchat.Message =>
	say("tool", text, { tool_call_id: id, ...more });
const used = (id: string, name = `f_${id}`, args: object = {}) => ({ functionCall: { id, name, args } });
const answered = (id: string, output: unknown, name = `f_${id}`) => ({ functionResponse: { id, name, response: { output } } });
const SKIP = { thoughtSignature: "skip_thought_signature_validator" };

test("system messages become the system instruction, apart from the conversation", () => {
	assert.equal(
		sent([say("system", "Be brief."), say("user", "Hi"), say("assistant", "Yes?"), say("system", "Be kind."), say("user", "Why?")]),
		{
			systemInstruction: user("Be brief.", "Be kind."),
			contents: [user("Hi"), model("Yes?"), user("Why?")],
		},
	);
	assert.match(refusalOf({ messages: [say("system", "Be brief.")] }), /^missing_capabilities: messages: /);
});

test("results of parallel calls are one message, with the names of their tools", () => {
	const failed = parts("tool", { type: "text", text: "no" }, { type: "text", text: "such key" });
	const list = [
		say("user", "Q"),
		calls("a", "b", "c"),
		result("b", "2"),
		{ ...failed, tool_call_id: "a", is_error: true },
		{ ...parts("tool"), tool_call_id: "c" },
		say("user", "Go on."),
	];
	assert.equal(contents(list, { model: "gemini-2.5-flash" }), [
		user("Q"),
		model(used("a"), used("b"), used("c")),
		user(answered("b", "2"), { functionResponse: { id: "a", name: "f_a", response: { error: ["no", "such key"] } } }, answered("c", "")),
		user("Go on."),
	]);
});

test("a failed tool without output is said to have failed", () => {
	const list = [say("user", "Q"), calls("a"), { ...parts("tool"), tool_call_id: "a", is_error: true }];
	assert.equal(contents(list, { model: "gemini-2.5-flash" }), [
		user("Q"),
		model(used("a")),
		user({ functionResponse: { id: "a", name: "f_a", response: { error: "the tool failed" } } }),
	]);
});

test("a result must name a call before it", () => {
	assert.is(
		refusalOf({ messages: [say("user", "Q"), calls("a"), result("b", "1")] }),
		"invalid_request: messages[2].tool_call_id: no tool call before it has this id",
	);
	assert.match(refusalOf({ messages: [say("user", "Q"), calls("a"), say("tool", "1")] }), /must name the tool call that it answers$/);
});

test("an id that an earlier call has is made unique, and without ids the names are sent alone", () => {
	const turn = [calls("a"), result("a", "1")];
	assert.equal(contents([say("user", "Q"), ...turn, ...turn], { model: "gemini-2.5-flash" }), [
		user("Q"),
		model(used("a")),
		user(answered("a", "1")),
		model(used("a_2", "f_a")),
		user(answered("a_2", "1", "f_a")),
	]);
	assert.equal(contents([say("user", "Q"), ...turn], { model: "gemini-2.5-flash", options: { send_call_ids: false } }), [
		user("Q"),
		model({ functionCall: { name: "f_a", args: {} } }),
		user({ functionResponse: { name: "f_a", response: { output: "1" } } }),
	]);
});

test("a first call without a signature gets the documented placeholder where models demand one", () => {
	const list = [say("user", "Q"), calls("a", "b"), result("a", "1"), result("b", "2")];
	const plain = [user("Q"), model(used("a"), used("b")), user(answered("a", "1"), answered("b", "2"))];
	const marked = [user("Q"), model({ ...used("a"), ...SKIP }, used("b")), user(answered("a", "1"), answered("b", "2"))];
	for (const name of ["gemini-3.8-flash", "gemini-flash-latest", "models/gemini-10-pro", "publishers/google/models/gemini-3-pro"])
		assert.equal(contents(list, { model: name }), marked, name);
	for (const name of ["gemini-2.5-pro", "models/gemini-2.0-flash", "gemini-1.5-pro", "gemma-3-27b-it", "tunedModels/x"])
		assert.equal(contents(list, { model: name }), plain, name);
});

test("signatures go back with exactly the parts that they came with", () => {
	const thought = { text: "Hm.", thought: true, thoughtSignature: "S0" };
	const code = { executableCode: { language: "PYTHON", code: "1" } };
	const said: cchat.Message = {
		...parts(
			"assistant",
			{ type: "reasoning", reasoning: { text: "Hm.", sealed: sealed("content.thought", thought) } },
			{ type: "text", text: "A" },
			{ type: "text", text: "B" },
			{ type: "opaque", opaque: sealed("text.thoughtSignature", "S1") },
			{ type: "text", text: "C" },
			{ type: "opaque", opaque: sealed("content.executableCode", code) },
			{ type: "opaque", opaque: sealed("tool_calls.1.thoughtSignature", "S2") },
		),
		tool_calls: [
			{ id: "a", name: "f", arguments: "{}" },
			{ id: "b", name: "f", arguments: "{}" },
		],
	};
	assert.equal(contents([say("user", "Q"), said, result("a", "1"), result("b", "2")]), [
		user("Q"),
		model(thought, "A", { text: "B", thoughtSignature: "S1" }, "C", code, used("a", "f"), { ...used("b", "f"), thoughtSignature: "S2" }),
		user(answered("a", "1", "f"), answered("b", "2", "f")),
	]);
});

test("a signature whose text is missing is sent with an empty text", () => {
	const signature = (value: string): cchat.ContentPart => ({ type: "opaque", opaque: sealed("text.thoughtSignature", value) });
	const said = parts("assistant", signature("S1"), { type: "text", text: "A" }, signature("S2"), signature("S3"));
	assert.equal(contents([say("user", "Q"), said]), [
		user("Q"),
		model({ text: "", thoughtSignature: "S1" }, { text: "A", thoughtSignature: "S2" }, { text: "", thoughtSignature: "S3" }),
	]);
});

test("reasoning and opaque parts of another provider are dropped, and all of them by option", () => {
	const thought = { text: "Hm.", thought: true, thoughtSignature: "S0" };
	const said = (provider: string): cchat.Message => ({
		...parts(
			"assistant",
			{ type: "reasoning", reasoning: { text: "Hm.", sealed: { ...sealed("content.thought", thought), provider } } },
			{ type: "reasoning", reasoning: { text: "Visible alone." } },
			{ type: "opaque", opaque: { ...sealed("tool_calls.0.thoughtSignature", "S2"), provider } },
			{ type: "annotation", annotation: { url: "https://a.example" } },
			{ type: "refusal", refusal: "No." },
		),
		tool_calls: [{ id: "a", name: "f", arguments: "{}" }],
	});
	const rest = [user("Q"), model("No.", { ...used("a", "f"), ...SKIP }), user(answered("a", "1", "f"))];
	const turn = (provider: string) => [say("user", "Q"), said(provider), result("a", "1")];
	assert.equal(contents(turn("other")), rest);
	assert.equal(contents(turn("up"), { options: { send_opaque: false } }), rest);
	assert.equal(contents(turn("google"), { options: { provider: "google" } }), [
		user("Q"),
		model(thought, "No.", { ...used("a", "f"), thoughtSignature: "S2" }),
		user(answered("a", "1", "f")),
	]);
});

test("an opaque part that the API cannot have sent is refused, and one that has a part of its own is dropped", () => {
	const of = (kind: string, value: unknown) => ({
		messages: [say("user", "Q"), parts("assistant", { type: "opaque", opaque: sealed(kind, value) })],
	});
	const wrong = /^invalid_request: messages\[1\]\.content\[0\]\.opaque\.kind: ".*" is not a part of this backend's messages$/;
	for (const [kind, value] of [
		["content.text", { executableCode: {} }],
		["text.thoughtSignature", { a: 1 }],
		["tool_calls.x.thoughtSignature", "S"],
		["message.x", "S"],
		["content.executableCode", "S"],
	] as const)
		assert.match(refusalOf(of(kind, value)), wrong, kind);
	const broken = { provider: "up", kind: "content.text", data: new TextEncoder().encode("{") };
	assert.match(
		refusalOf({ messages: [say("user", "Q"), parts("assistant", { type: "opaque", opaque: broken })] }),
		/\.data: it is not JSON; return a part as it was received$/,
	);
	for (const type of ["fileData", "functionCall", "functionResponse"])
		assert.equal(requestOf(of(`content.${type}`, { [type]: { x: 1 } })).contents, [user("Q")], type);
});

test("arguments are sent as the model wrote them, and what is no object within one", () => {
	const message = (args: string): cchat.Message => ({
		role: "assistant",
		content: [],
		tool_calls: [{ id: "a", name: "f", arguments: args }],
	});
	const text = (args: string): string => requestText({ messages: [say("user", "Q"), message(args), result("a", "1")] });
	const args = '{"n": 12345678901234567890, "t": 1.0}';
	assert.ok(text(args).includes(`"args":${args}`));
	assert.ok(text('{"q":').includes('"args":{"invalid_arguments":"{\\"q\\":"}'));
});

test("empty texts are left out, and messages without anything else", () => {
	assert.equal(contents([say("user", "A"), say("assistant", ""), parts("user", { type: "text", text: "" }, { type: "text", text: "B" })]), [
		user("A"),
		user("B"),
	]);
	assert.is(refusalOf({ messages: [say("user", "")] }), "invalid_request: messages[0].content: it is empty");
});

const REFUSED: Readonly<Record<string, readonly [message: cchat.Message, refusal: string]>> = {
	"an image in a system message": [
		parts("system", { type: "image", image: { source: { type: "url", url: "https://a.example" } } }),
		"messages[0].content[0]: this backend accepts only text in a system message, not image",
	],
	"a refusal of the user": [
		parts("user", { type: "refusal", refusal: "No." }),
		"messages[0].content[0]: a user message cannot have a part of type refusal",
	],
	"an image of the assistant": [
		parts("assistant", { type: "image", image: { source: { type: "url", url: "https://a.example" } } }),
		"messages[0].content[0]: an assistant message cannot have a part of type image",
	],
	"tool calls of the user": [
		{ ...say("user", "Hi"), tool_calls: calls("a").tool_calls },
		"messages[0].tool_calls: a user message cannot have it",
	],
};

for (const [name, [message, refusal]] of Object.entries(REFUSED))
	test(`${name} is refused`, () => assert.is(refusalOf({ messages: [message] }), `invalid_request: ${refusal}`));

test.run();
