import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { refusalOf, requestOf, requestText } from "./request-of.ts";

const TOOL: cchat.Tool = { name: "weather", parameters: { type: "object" } };
const called = (id: string, args = '{"city":"Rome"}'): cchat.Message => ({
	role: "assistant",
	content: [],
	tool_calls: [{ id, name: "weather", arguments: args }],
});
const result = (tool_call_id: string, text: string, more: Partial<cchat.Message> = {}) => say("tool", text, { tool_call_id, ...more });
const file = (mime_type: string, filename?: string): cchat.ContentPart => ({
	type: "file",
	file: { source: { type: "inline", inline: { mime_type, data: Uint8Array.of(1) } }, ...(filename === undefined ? {} : { filename }) },
});
const messagesOf = (messages: cchat.Message[], more: Partial<cchat.Request> = { tools: [TOOL] }) =>
	requestOf({ messages, ...more }).messages;

test("messages of one role become one, results before other content", () => {
	assert.equal(messagesOf([say("user", "A"), say("system", "S"), say("user", "B"), called("c1"), result("c1", "sun"), say("user", "C")]), [
		{ role: "user", content: [{ text: "A" }, { text: "B" }] },
		{ role: "assistant", content: [{ toolUse: { toolUseId: "c1", name: "weather", input: { city: "Rome" } } }] },
		{ role: "user", content: [{ toolResult: { toolUseId: "c1", content: [{ text: "sun" }] } }, { text: "C" }] },
	]);
	assert.equal(requestOf({ messages: [say("user", "A"), say("system", "S")] }).system, [{ text: "S" }]);
});

test("texts without a visible character are left out, and messages of which nothing remains", () => {
	const blank = parts("user", { type: "text", text: "\n " }, { type: "text", text: "A" });
	assert.equal(messagesOf([blank, say("assistant", " "), say("user", "B")]), [{ role: "user", content: [{ text: "A" }, { text: "B" }] }]);
	assert.is(refusalOf({ messages: [say("user", " ")] }), "invalid_request: messages[0].content: it is empty");
	assert.match(refusalOf({ messages: [say("system", "S")] }), /^missing_capabilities: messages: they hold nothing/);
});

test("the empty result of a tool is sent as a text that says so", () => {
	const results = messagesOf([say("user", "A"), called("a"), result("a", ""), called("b"), result("b", " ", { is_error: true })]);
	assert.equal(Array.isArray(results) ? [results[2], results[4]] : results, [
		{ role: "user", content: [{ toolResult: { toolUseId: "a", content: [{ text: "the tool returned nothing" }] } }] },
		{ role: "user", content: [{ toolResult: { toolUseId: "b", content: [{ text: "the tool failed" }], status: "error" } }] },
	]);
});

test("ids of another form are replaced, the same in each request, and ids that occur twice are made unique", () => {
	const conversation = [
		say("user", "A"),
		called("call:1"),
		result("call:1", "sun"),
		called("x"),
		result("x", "1"),
		called("x"),
		result("x", "2"),
	];
	const text = JSON.stringify(messagesOf(conversation));
	const ids = [...text.matchAll(/"toolUseId":"([^"]*)"/g)].map(([, id]) => id);
	assert.match(ids[0] ?? "", /^call_[A-Za-z0-9]{24}$/);
	assert.equal(ids, [ids[0], ids[0], "x", "x", "x_2", "x_2"]);
	assert.is(JSON.stringify(messagesOf(conversation)), text);
	const long = "y".repeat(65);
	assert.not(JSON.stringify(messagesOf([say("user", "A"), called(long), result(long, "sun")])).includes(long));
});

test("a request without tools sends the calls of its history as texts", () => {
	const history = [say("user", "A"), called("c1"), result("c1", "sun"), called("c2", ""), result("c2", "rain", { is_error: true })];
	const expected = [
		{ role: "user", content: [{ text: "A" }] },
		{ role: "assistant", content: [{ text: '[I called the tool weather with {"city":"Rome"}]' }] },
		{ role: "user", content: [{ text: "[Result of the tool weather]" }, { text: "sun" }] },
		{ role: "assistant", content: [{ text: "[I called the tool weather with {}]" }] },
		{ role: "user", content: [{ text: "[Error of the tool weather]" }, { text: "rain" }] },
	];
	assert.equal(messagesOf(history, {}), expected);
	const forbidden = requestOf({ messages: history, tools: [TOOL], tool_choice: { type: "none" } });
	assert.equal([forbidden.messages, forbidden.toolConfig], [expected, undefined]);
});

test("documents have names that the API accepts, each once", () => {
	const names = ["a/b.c#d.PDF", "a b c d.md", "報告.pdf", ".pdf", undefined, "x".repeat(300), `${"x".repeat(190)}.pdf`];
	const content = names.map((name) => file("application/pdf", name));
	const text = JSON.stringify(messagesOf([parts("user", ...content, { type: "text", text: "Sum up." })]));
	assert.equal(
		[...text.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name),
		["a b c d", "a b c d 2", "document", "document 2", "document 3", "x".repeat(180), `${"x".repeat(180)} 2`],
	);
});

test("a file needs a text in its message", () => {
	assert.match(refusalOf({ messages: [parts("user", file("text/csv"))] }), /^invalid_request: messages: this backend needs a text/);
	assert.ok(messagesOf([parts("user", file("text/csv")), say("user", "Sum up.")]));
});

test("media of other types are refused by name", () => {
	const image = (mime_type: string): cchat.ContentPart => ({
		type: "image",
		image: { source: { type: "inline", inline: { mime_type, data: Uint8Array.of(1) } } },
	});
	assert.match(
		refusalOf({ messages: [parts("user", image("image/bmp"))] }),
		/image\.source: its media type is "image\/bmp"; this backend accepts PNG/,
	);
	assert.match(refusalOf({ messages: [parts("user", file("application/zip"))] }), /file\.source: its media type is "application\/zip"/);
});

test("reasoning of others, unsigned reasoning and reasoning at the end of a message are left out", () => {
	const sealed = (provider: string) => ({
		provider,
		kind: "content.reasoningContent",
		data: new TextEncoder().encode('{"reasoningContent":{"reasoningText":{"text":"t","signature":"s"}}}'),
	});
	const thought = (provider?: string): cchat.ContentPart => ({
		type: "reasoning",
		reasoning: { text: "t", ...(provider === undefined ? {} : { sealed: sealed(provider) }) },
	});
	const own = { reasoningContent: { reasoningText: { text: "t", signature: "s" } } };
	const answer = parts("assistant", thought("up"), thought("other"), thought(), { type: "text", text: "B" }, thought("up"));
	assert.equal(messagesOf([say("user", "A"), answer, say("user", "C")]), [
		{ role: "user", content: [{ text: "A" }] },
		{ role: "assistant", content: [own, { text: "B" }] },
		{ role: "user", content: [{ text: "C" }] },
	]);
	assert.equal(requestOf({ messages: [say("user", "A"), answer] }, { send_opaque: false }).messages, [
		{ role: "user", content: [{ text: "A" }] },
		{ role: "assistant", content: [{ text: "B" }] },
	]);
});

test("an opaque part cannot carry media past the rules for media, nor a block of another kind", () => {
	const opaque = (kind: string, json: string): cchat.ContentPart => ({
		type: "opaque",
		opaque: { provider: "up", kind, data: new TextEncoder().encode(json) },
	});
	const send = (part: cchat.ContentPart) => ({ messages: [say("user", "A"), parts("assistant", part), say("user", "B")] });
	assert.equal(messagesOf(send(opaque("content.image", '{"image":{"source":{"s3Location":{"uri":"s3://b/k"}}}}')).messages), [
		{ role: "user", content: [{ text: "A" }, { text: "B" }] },
	]);
	assert.match(refusalOf(send(opaque("content.guardContent", '{"image":{}}'))), /kind: "content.guardContent" is not a part/);
	assert.match(refusalOf(send(opaque("content.guardContent", '{"guardContent":{},"image":{}}'))), /is not a part/);
	assert.match(refusalOf(send(opaque("content.guardContent", "{"))), /data: it is not JSON/);
});

const REFUSED: Readonly<Record<string, readonly [payload: Partial<cchat.Request>, message: RegExp]>> = {
	"a seed": [{ params: { stop: [], seed: 1 } }, /^missing_capabilities: params\.seed/],
	"JSON without a schema": [{ response_format: { type: "json_object" } }, /^missing_capabilities: response_format/],
	"a temperature that is no number": [{ params: { stop: [], temperature: Number.NaN } }, /^invalid_request: params\.temperature/],
	"a tool whose arguments are a list": [
		{ tools: [{ name: "f", parameters: { type: "array" } }] },
		/^invalid_request: tools\[0\]\.parameters/,
	],
	"a result without a call": [{ messages: [say("user", "A"), say("tool", "x")] }, /^invalid_request: messages\[1\]\.tool_call_id/],
};

for (const [name, [payload, message]] of Object.entries(REFUSED)) {
	test(`${name} is refused by name`, () => {
		assert.match(refusalOf(payload), message);
	});
}

test("a budget of thinking needs room, and none is sent with a forced call", () => {
	const params = { stop: [], reasoning_effort: "low" as const };
	const budget = { reasoning: "budget" };
	assert.match(refusalOf({ params: { ...params, max_output_tokens: 1024 } }, budget), /^invalid_request: params\.max_output_tokens/);
	const forced = requestOf({ params, tools: [TOOL], tool_choice: { type: "required" } }, budget);
	assert.is(forced.additionalModelRequestFields, undefined);
	assert.equal(requestOf({ params }, budget).additionalModelRequestFields, { thinking: { type: "enabled", budget_tokens: 2048 } });
});

test("no reasoning is asked for in the words of each form", () => {
	const none = (reasoning: string) =>
		requestOf({ params: { stop: [], reasoning_effort: "none" } }, { reasoning }).additionalModelRequestFields;
	assert.equal(["effort", "adaptive", "budget", "reasoning_effort", "nova"].map(none), [
		undefined,
		{ thinking: { type: "disabled" } },
		{ thinking: { type: "disabled" } },
		undefined,
		{ reasoningConfig: { type: "disabled" } },
	]);
});

test("a temperature above 1 is sent as 1, and members without an equivalent are dropped", () => {
	const params = { stop: [], temperature: 1.5, presence_penalty: 1, frequency_penalty: 1, parallel_tool_calls: false };
	assert.equal(requestOf({ params, messages: [say("user", "A", { name: "n" })] }), {
		messages: [{ role: "user", content: [{ text: "A" }] }],
		inferenceConfig: { temperature: 1 },
	});
});

test("schemas of tools are lowered for the models of Amazon Nova, which read fewer keywords", () => {
	const tools = [{ ...TOOL, parameters: { type: "object", properties: {}, additionalProperties: false } }];
	const schemaFor = (model: string) => /"json":(\{.*?\})\}/.exec(requestText({ tools }, {}, {}, model))?.[1];
	assert.is(schemaFor("us.anthropic.claude-sonnet-4-6-v1:0"), '{"type":"object","properties":{},"additionalProperties":false}');
	assert.not.match(schemaFor("us.amazon.nova-pro-v1:0") ?? "additionalProperties", /additionalProperties/);
});

test("provider options are the operator's choice, and cannot set what the request sets", () => {
	assert.match(refusalOf({}, {}, { serviceTier: {} }), /its operator can allow it with allow_provider_options/);
	for (const name of ["messages", "modelId", "toolConfig", "outputConfig"])
		assert.match(refusalOf({}, { allow_provider_options: true }, { [name]: {} }), /it cannot be set this way/);
	assert.match(
		refusalOf({}, { allow_provider_options: true }, { additionalModelRequestFields: "x" }),
		/additionalModelRequestFields: it must be an object/,
	);
});

test.run();
