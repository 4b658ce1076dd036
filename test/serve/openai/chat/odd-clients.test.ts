/** Requests of clients in the field that differ from OpenAI's reference. */
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { servedByScript } from "../served.ts";

const model = "small";
const hi = { role: "user", content: "Hi" };
const call = { id: "call_1", type: "function", function: { name: "weather", arguments: "{}" } };
const result = { role: "tool", tool_call_id: "call_1", content: "sun" };
const text = (value: string): cchat.ContentPart => ({ type: "text", text: value });

/** Messages that are accepted, and the host's messages after the first one. */
const ACCEPTED: Readonly<Record<string, { readonly messages: readonly object[]; readonly becomes: readonly Partial<cchat.Message>[] }>> = {
	"no content beside calls, as SDKs return an answer": {
		messages: [
			hi,
			{ role: "assistant", content: null, refusal: null, annotations: [], audio: null, function_call: null, tool_calls: [call] },
			result,
		],
		becomes: [{ role: "assistant", content: [] }, { role: "tool" }],
	},
	"an empty text beside calls": {
		messages: [hi, { role: "assistant", content: "", tool_calls: [call] }, result],
		becomes: [{ role: "assistant", content: [text("")] }, { role: "tool" }],
	},
	"a call whose content member is missing": {
		messages: [hi, { role: "assistant", tool_calls: [call] }, result],
		becomes: [{ role: "assistant", content: [] }, { role: "tool" }],
	},
	"an empty list of calls": {
		messages: [hi, { role: "assistant", content: "Well.", tool_calls: [] }, hi],
		becomes: [{ role: "assistant", content: [text("Well.")], tool_calls: [] }, { role: "user" }],
	},
	"null in place of calls": {
		messages: [hi, { role: "assistant", content: "Well.", tool_calls: null }, hi],
		becomes: [{ role: "assistant", content: [text("Well.")], tool_calls: [] }, { role: "user" }],
	},
	"an answer that says nothing, which is left out": {
		messages: [hi, { role: "assistant", content: "" }, hi],
		becomes: [{ role: "user" }],
	},
	"content of the assistant as parts": {
		messages: [
			hi,
			{
				role: "assistant",
				content: [
					{ type: "text", text: "A" },
					{ type: "refusal", refusal: "B" },
				],
			},
			hi,
		],
		becomes: [{ role: "assistant", content: [text("A"), { type: "refusal", refusal: "B" }] }, { role: "user" }],
	},
	"the result of a tool as parts, or as nothing": {
		messages: [
			hi,
			{ role: "assistant", content: null, tool_calls: [call, { ...call, id: "call_2" }] },
			{ ...result, content: [{ type: "text", text: "sun" }] },
			{ ...result, tool_call_id: "call_2", content: null },
		],
		becomes: [{ role: "assistant" }, { role: "tool", content: [text("sun")] }, { role: "tool", content: [text("")] }],
	},
	"the name of the tool in its result": {
		messages: [hi, { role: "assistant", content: null, tool_calls: [call] }, { ...result, name: "weather" }],
		becomes: [{ role: "assistant" }, { role: "tool", content: [text("sun")] }],
	},
	"the role developer between other messages": {
		messages: [hi, { role: "developer", content: "Be brief." }, hi],
		becomes: [{ role: "system", content: [text("Be brief.")] }, { role: "user" }],
	},
	"reasoning by either name": {
		messages: [hi, { role: "assistant", content: "A", reasoning: "Hm.", reasoning_content: null }, hi],
		becomes: [{ role: "assistant", content: [{ type: "reasoning", reasoning: { text: "Hm." } }, text("A")] }, { role: "user" }],
	},
	"plain reasoning in the form of OpenRouter": {
		messages: [
			hi,
			{
				role: "assistant",
				content: "A",
				reasoning_details: [{ type: "reasoning.text", text: "Hm.", signature: null, id: null, format: "unknown", index: 0 }],
			},
			hi,
		],
		becomes: [{ role: "assistant", content: [{ type: "reasoning", reasoning: { text: "Hm." } }, text("A")] }, { role: "user" }],
	},
	"a call without its type": {
		messages: [hi, { role: "assistant", tool_calls: [{ id: "call_1", function: call.function }] }, result],
		becomes: [{ role: "assistant", tool_calls: [{ id: "call_1", name: "weather", arguments: "{}" }] }, { role: "tool" }],
	},
	"a call without arguments": {
		messages: [hi, { role: "assistant", tool_calls: [{ ...call, function: { name: "weather", arguments: null } }] }, result],
		becomes: [{ role: "assistant", tool_calls: [{ id: "call_1", name: "weather", arguments: "" }] }, { role: "tool" }],
	},
	"base64 with line breaks and in the other alphabet": {
		messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0K\nGgo_\n" } }] }],
		becomes: [],
	},
};

for (const [name, { messages, becomes }] of Object.entries(ACCEPTED)) {
	test(`accepted: ${name}`, () =>
		servedByScript([], async ({ post }, received) => {
			const answered = await post("/chat/completions", { model, messages });
			assert.is(answered.status, 200, await answered.text());
			const rest = received[0]?.payload.messages.slice(1) ?? [];
			assert.is(rest.length, becomes.length);
			for (const [index, expected] of becomes.entries()) {
				const message: Readonly<Record<string, unknown>> = { ...rest[index] };
				assert.equal(Object.fromEntries(Object.keys(expected).map((key) => [key, message[key]])), expected);
				assert.is(message.name, undefined);
			}
		}));
}

/** Members that are refused, and the name that the refusal gives. */
const REFUSED: readonly (readonly [member: object, param: string | null])[] = [
	[{ messages: undefined }, "messages"],
	[{ messages: {} }, "messages"],
	[{ messages: [] }, "messages"],
	[{ messages: ["Hi"] }, "messages[0]"],
	[{ messages: [{ content: "Hi" }] }, "messages[0].role"],
	[{ messages: [{ role: "owner", content: "Hi" }] }, "messages[0].role"],
	[{ messages: [{ role: "function", name: "f", content: "x" }] }, "messages[0].role"],
	[{ messages: [{ role: "user", content: null }] }, "messages[0].content"],
	[{ messages: [{ role: "user", content: [] }] }, "messages[0].content"],
	[{ messages: [{ role: "user", content: ["Hi"] }] }, "messages[0].content[0]"],
	[{ messages: [{ role: "user", content: [{ type: "video_url", video_url: { url: "x" } }] }] }, "messages[0].content[0].type"],
	[{ messages: [{ role: "user", content: [{ type: "text" }] }] }, "messages[0].content[0].text"],
	[{ messages: [{ role: "user", content: [{ type: "text", text: "x", cache_control: {} }] }] }, "messages[0].content[0].cache_control"],
	[{ messages: [{ role: "user", content: [{ type: "file", file: { file_id: "f" } }] }] }, "messages[0].content[0].file.file_id"],
	[
		{ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png,x" } }] }] },
		"messages[0].content[0].image_url.url",
	],
	[
		{ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,?" } }] }] },
		"messages[0].content[0].image_url.url",
	],
	[
		{ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "file:///etc/passwd" } }] }] },
		"messages[0].content[0].image_url.url",
	],
	[
		{ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://other.example/a.png" } }] }] },
		"messages[0].content[0].image_url.url",
	],
	[
		{ messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "AAAA", format: "a/b" } }] }] },
		"messages[0].content[0].input_audio.format",
	],
	[{ messages: [hi, { role: "assistant", content: "x", function_call: { name: "f", arguments: "{}" } }] }, "messages[1].function_call"],
	[{ messages: [hi, { role: "assistant", content: "x", thinking_blocks: [{}] }] }, "messages[1].thinking_blocks"],
	[{ messages: [hi, { role: "assistant", audio: { id: "a" } }] }, "messages[1].audio"],
	[
		{ messages: [hi, { role: "assistant", tool_calls: [{ ...call, extra_content: { a: 1 } }] }, result] },
		"messages[1].tool_calls[0].extra_content",
	],
	[{ messages: [hi, { role: "assistant", tool_calls: [{ ...call, type: "custom" }] }, result] }, "messages[1].tool_calls[0].type"],
	[{ messages: [hi, result] }, "messages[1].tool_call_id"],
	[{ messages: [hi, { role: "assistant", tool_calls: [call] }] }, "messages"],
	[{ functions: [{ name: "f" }] }, "functions"],
	[{ function_call: "auto" }, "function_call"],
	[{ n: 2 }, "n"],
	[{ logprobs: true }, "logprobs"],
	[{ modalities: ["text", "audio"], audio: { voice: "v", format: "wav" } }, "modalities"],
	[{ store: true }, "store"],
	[{ stream_options: { include_usage: true, other: 1 } }, "stream_options.other"],
	[{ temperature: 3 }, "temperature"],
	[{ temperature: "0.5" }, "temperature"],
	[{ max_tokens: -1 }, "max_tokens"],
	[{ max_tokens: 1.5 }, "max_tokens"],
	[{ max_tokens: 5, max_completion_tokens: 6 }, "max_tokens"],
	[{ seed: 2 ** 60 }, "seed"],
	[{ stop: [1] }, "stop[0]"],
	[{ stop: Array.from({ length: 257 }, () => "x") }, "stop"],
	[{ reasoning_effort: "extreme" }, "reasoning_effort"],
	[{ tools: [{ type: "custom", custom: { name: "x" } }] }, "tools[0].type"],
	[{ tools: [{ type: "function", function: { name: "a b" } }] }, "tools[0].function.name"],
	[{ tools: [{ type: "function", function: { name: "f", parameters: [] } }] }, "tools[0].function.parameters"],
	[{ tools: [{ type: "function", function: { name: "f" } }], tool_choice: "any" }, "tool_choice"],
	[
		{ tools: [{ type: "function", function: { name: "f" } }], tool_choice: { type: "function", function: { name: "g" } } },
		"tool_choice.function.name",
	],
	[{ tool_choice: "required" }, "tool_choice"],
	[{ response_format: { type: "grammar" } }, "response_format.type"],
	[{ response_format: { type: "json_schema" } }, "response_format.json_schema"],
	[{ model: 7 }, "model"],
	[{ stream: "true" }, "stream"],
	[{ spear: { routing: { backend: 1 } } }, "spear.routing.backend"],
	[{ spear: { policy: "fastest" } }, "spear.policy"],
	[{ spear: { timeout_ms: 0 } }, "spear.timeout_ms"],
	[{ spear: { other: 1 } }, "spear.other"],
];

test("refused: each wrong or unknown member by its name, and nothing reaches a backend", () =>
	servedByScript([], async ({ post }, received) => {
		for (const [member, param] of REFUSED) {
			const shown = JSON.stringify(member);
			const answered = await post("/chat/completions", { model, messages: [hi], ...member });
			const { error } = Object(await answered.json());
			assert.is(answered.status, param === "messages[0].content[0].image_url.url" && shown.includes("other.example") ? 403 : 400, shown);
			assert.is(error.param, param, `${shown}: ${error.message}`);
			assert.is(error.type, answered.status === 403 ? "permission_error" : "invalid_request_error");
		}
		assert.is(received.length, 0);
	}));

test("a limit that both names give once is the limit", () =>
	servedByScript([], async ({ post }, received) => {
		assert.is((await post("/chat/completions", { model, messages: [hi], max_tokens: 5, max_completion_tokens: 5 })).status, 200);
		assert.equal(received[0]?.payload.params, { stop: [], max_output_tokens: 5 });
	}));

test("a body with a byte order mark, in another JSON type or with a charset is read", () =>
	servedByScript([], async ({ post }) => {
		const body = JSON.stringify({ model, messages: [hi] });
		assert.is((await post("/chat/completions", `\ufeff${body}`)).status, 200);
		for (const type of ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "application/vnd.x+json"])
			assert.is((await post("/chat/completions", body, { "content-type": type })).status, 200, type);
	}));

test("the last of two members with one name counts, as in most readers of JSON", () =>
	servedByScript([], async ({ post }, received) => {
		await post("/chat/completions", `{"model":"other","model":"small","messages":[${JSON.stringify(hi)}]}`);
		assert.is(received[0]?.payload.model, "small");
	}));

test("a body that is packed, of another type or charset is told so", () =>
	servedByScript([], async ({ post }, received) => {
		const body = JSON.stringify({ model, messages: [hi] });
		const packed = await post("/chat/completions", new Uint8Array(gzipSync(body)), { "content-encoding": "gzip" });
		assert.is(packed.status, 415);
		assert.match(Object(await packed.json()).error.message, /without a content-encoding/);
		for (const type of [
			"text/plain",
			"application/x-www-form-urlencoded",
			"application/json; charset=utf-16",
			"multipart/form-data; boundary=x",
		])
			assert.is((await post("/chat/completions", body, { "content-type": type })).status, 415, type);
		assert.is(received.length, 0);
	}));

for (const [name, body] of Object.entries({
	"an empty body": "",
	"a body that is cut": '{"model":',
	"a list": "[]",
	"the word null": "null",
	"bytes that are not UTF-8": Uint8Array.of(0x7b, 0xff, 0x7d),
	NaN: '{"temperature":NaN}',
})) {
	test(`${name} is no request`, () =>
		servedByScript([], async ({ post }) => {
			const answered = await post("/chat/completions", body);
			assert.is(answered.status, 400);
			assert.is(Object(await answered.json()).error.code, "invalid_json");
		}));
}

test("a path that the API has not is told in the API's form", () =>
	servedByScript([], async ({ post, sdk }) => {
		const answered = await post("/completions", { model, prompt: "Hi" });
		assert.equal([answered.status, Object(await answered.json()).error.code], [404, "unknown_url"]);
		assert.is(sdk.maxRetries, 0);
	}));

test.run();
