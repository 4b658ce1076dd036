import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { refusalOf, requestOf, requestText } from "./request-of.ts";
import { bytes } from "./stream-cases.ts";

const sent = (list: readonly cchat.Message[], options: JsonObject = {}): unknown => {
	const { messages, system } = requestOf({ messages: [...list] }, options);
	return { messages, ...(system === undefined ? {} : { system }) };
};
const text = (value: string) => ({ type: "text", text: value });
const calls = (...ids: string[]): cchat.Message => ({
	role: "assistant",
	content: [],
	tool_calls: ids.map((id) => ({ id, name: "f", arguments: "{}" })),
});
const result = (tool_call_id: string, value: string, more: Partial<cchat.Message> = {}): cchat.Message =>
	say("tool", value, { tool_call_id, ...more });
const use = (id: string, input: object = {}) => ({ type: "tool_use", id, name: "f", input });
const inline = (mime_type: string, data: Uint8Array): types.MediaRef => ({ type: "inline", inline: { mime_type, data } });
const opaque = (block: object, kind: string, provider = "up"): types.OpaquePart => ({ provider, kind, data: bytes(block) });

test("system messages go to the beginning, apart from the conversation", () => {
	assert.equal(
		sent([say("system", "Be brief."), say("user", "Hi"), say("assistant", "Yes?"), say("system", "Be kind."), say("user", "Why?")]),
		{
			system: [text("Be brief."), text("Be kind.")],
			messages: [
				{ role: "user", content: [text("Hi")] },
				{ role: "assistant", content: [text("Yes?")] },
				{ role: "user", content: [text("Why?")] },
			],
		},
	);
	assert.match(refusalOf({ messages: [say("system", "Be brief.")] }), /^missing_capabilities: messages: /);
});

test("later system messages stay behind the messages of the user if the model accepts them", () => {
	const list = [say("system", "Be brief."), say("user", "Hi"), say("assistant", "Yes?"), say("system", "Be kind."), say("user", "Why?")];
	const turn = [calls("a"), result("a", "1"), say("system", "Be quick.")];
	const inline = { inline_system: true };
	const beginning = [
		{ role: "user", content: [text("Hi")] },
		{ role: "assistant", content: [text("Yes?")] },
		{ role: "user", content: [text("Why?")] },
		{ role: "system", content: [text("Be kind.")] },
	];
	assert.equal(sent(list, inline), { system: [text("Be brief.")], messages: beginning });
	assert.equal(sent([...list, ...turn], inline), {
		system: [text("Be brief.")],
		messages: [
			...beginning,
			{ role: "assistant", content: [use("a")] },
			{ role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "1" }] },
			{ role: "system", content: [text("Be quick.")] },
		],
	});
	assert.equal(sent([say("user", "Hi"), say("assistant", "Yes?"), say("system", "Go on.")], inline), {
		system: [text("Go on.")],
		messages: [
			{ role: "user", content: [text("Hi")] },
			{ role: "assistant", content: [text("Yes?")] },
		],
	});
});

test("blocks of text in an answer stay apart in the history", () => {
	const answered = parts("assistant", { type: "text", text: "A" }, { type: "text", text: "B" });
	assert.equal(sent([say("user", "Q"), answered, say("user", "R")]), {
		messages: [
			{ role: "user", content: [text("Q")] },
			{ role: "assistant", content: [text("A"), text("B")] },
			{ role: "user", content: [text("R")] },
		],
	});
});

test("consecutive messages of a role become one, and names are dropped", () => {
	assert.equal(
		sent([say("user", "A", { name: "ann" }), say("user", "B"), say("assistant", "C"), say("assistant", "D"), say("user", "E")]),
		{
			messages: [
				{ role: "user", content: [text("A"), text("B")] },
				{ role: "assistant", content: [text("C"), text("D")] },
				{ role: "user", content: [text("E")] },
			],
		},
	);
});

test("all results of a turn are the beginning of one user message", () => {
	const failed = parts("tool", { type: "text", text: "no" }, { type: "text", text: "such key" });
	assert.equal(
		sent([
			say("user", "Q"),
			calls("a", "b", "c", "d"),
			result("a", "1"),
			{ ...failed, tool_call_id: "b", is_error: true },
			result("c", ""),
			result("d", " ", { is_error: true }),
			say("user", "And?"),
		]),
		{
			messages: [
				{ role: "user", content: [text("Q")] },
				{ role: "assistant", content: [use("a"), use("b"), use("c"), use("d")] },
				{
					role: "user",
					content: [
						{ type: "tool_result", tool_use_id: "a", content: "1" },
						{ type: "tool_result", tool_use_id: "b", content: [text("no"), text("such key")], is_error: true },
						{ type: "tool_result", tool_use_id: "c" },
						{ type: "tool_result", tool_use_id: "d", content: "the tool failed", is_error: true },
						text("And?"),
					],
				},
			],
		},
	);
});

test("ids of calls that the API does not accept are replaced, the same in every request", () => {
	const list = [say("user", "Q"), calls("call:1/x", "toolu_2"), result("call:1/x", "1"), result("toolu_2", "2")];
	const first = JSON.stringify(requestOf({ messages: list }));
	const later = JSON.stringify(requestOf({ messages: [...list, say("user", "Z")] }));
	const [, replaced = ""] = /"id":"(call_[\w-]{24})"/.exec(first) ?? [];
	assert.match(replaced, /^call_[\w-]{24}$/);
	for (const request of [first, later]) {
		for (const id of [replaced, "toolu_2"]) assert.is(request.split(`"${id}"`).length - 1, 2, "the call and its result");
	}
});

test("an id that an earlier call has is made unique", () => {
	const turn = [calls("a"), result("a", "1")];
	assert.equal(sent([say("user", "Q"), ...turn, ...turn]), {
		messages: [
			{ role: "user", content: [text("Q")] },
			{ role: "assistant", content: [use("a")] },
			{ role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "1" }] },
			{ role: "assistant", content: [use("a_2")] },
			{ role: "user", content: [{ type: "tool_result", tool_use_id: "a_2", content: "1" }] },
		],
	});
});

test("arguments are sent as the model wrote them", () => {
	const args = '{"n": 12345678901234567890, "t": 1.0}';
	const message: cchat.Message = { role: "assistant", content: [], tool_calls: [{ id: "a", name: "f", arguments: args }] };
	assert.ok(requestText({ messages: [say("user", "Q"), message, result("a", "1")] }).includes(`"input":${args}`));
	const broken = { ...message, tool_calls: [{ id: "a", name: "f", arguments: '{"q":' }] };
	assert.ok(requestText({ messages: [say("user", "Q"), broken, result("a", "1")] }).includes('"input":{"invalid_arguments":"{\\"q\\":"}'));
});

test("empty texts are left out, and messages without anything else", () => {
	assert.equal(sent([say("user", "A"), say("assistant", " \n"), parts("user", { type: "text", text: "" }, { type: "text", text: "B" })]), {
		messages: [{ role: "user", content: [text("A"), text("B")] }],
	});
	assert.is(refusalOf({ messages: [say("user", " ")] }), "invalid_request: messages[0].content: it is empty");
});

test("images go as bytes or by URL, without their detail", () => {
	const png = Uint8Array.of(0x89, 0x50);
	const message = parts(
		"user",
		{ type: "image", image: { source: inline("image/png", png), detail: "high" } },
		{ type: "image", image: { source: inline("image/JPG; q=1", png) } },
		{ type: "image", image: { source: { type: "url", url: "https://img.example/a.webp" } } },
	);
	assert.equal(sent([message]), {
		messages: [
			{
				role: "user",
				content: [
					{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVA=" } },
					{ type: "image", source: { type: "base64", media_type: "image/jpeg", data: "iVA=" } },
					{ type: "image", source: { type: "url", url: "https://img.example/a.webp" } },
				],
			},
		],
	});
	assert.is(
		refusalOf({ messages: [parts("user", { type: "image", image: { source: inline("image/tiff", png) } })] }),
		'invalid_request: messages[0].content[0].image.source: its media type is "image/tiff"; this backend accepts JPEG, PNG, GIF and WebP',
	);
});

test("a PDF and a text are documents", () => {
	const file = (mime: string, data: Uint8Array, filename?: string): cchat.ContentPart => ({
		type: "file",
		file: { source: inline(mime, data), ...(filename === undefined ? {} : { filename }) },
	});
	const utf8 = new TextEncoder().encode("a,ü");
	assert.equal(
		sent([parts("user", file("application/pdf", Uint8Array.of(0x25), "a.pdf"), file("text/csv", utf8), file("application/json", utf8))]),
		{
			messages: [
				{
					role: "user",
					content: [
						{ type: "document", source: { type: "base64", media_type: "application/pdf", data: "JQ==" }, title: "a.pdf" },
						{ type: "document", source: { type: "text", media_type: "text/plain", data: "a,ü" } },
						{ type: "document", source: { type: "text", media_type: "text/plain", data: "a,ü" } },
					],
				},
			],
		},
	);
	assert.match(
		refusalOf({ messages: [parts("user", file("application/zip", utf8))] }),
		/file\.source: .* this backend accepts PDF and text$/,
	);
	assert.match(refusalOf({ messages: [parts("user", file("text/plain", Uint8Array.of(0xff)))] }), /it is not text in UTF-8$/);
});

test("audio is refused", () => {
	const audio = parts("user", { type: "audio", audio: { source: inline("audio/wav", Uint8Array.of(1)) } });
	assert.is(refusalOf({ messages: [audio] }), "missing_capabilities: messages[0].content[0]: this backend does not accept audio");
});

const THOUGHT = { type: "thinking", thinking: "Hm.", signature: "S+/=" };
const SEARCH = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } };

test("thinking and opaque blocks go back to their provider in their places", () => {
	const turn: cchat.Message = {
		...parts(
			"assistant",
			{ type: "reasoning", reasoning: { text: "Hm.", sealed: opaque(THOUGHT, "content.thinking") } },
			{ type: "opaque", opaque: opaque(SEARCH, "content.server_tool_use") },
			{ type: "text", text: "So." },
			{ type: "annotation", annotation: { url: "https://a.example" } },
			{ type: "refusal", refusal: "No." },
		),
		tool_calls: [{ id: "a", name: "f", arguments: "" }],
	};
	const list = [say("user", "Q"), turn, result("a", "1")];
	const assistant = (options: JsonObject): unknown => {
		const { messages } = requestOf({ messages: list }, options);
		return Array.isArray(messages) ? messages[1] : undefined;
	};
	const rest = [text("So."), text("No."), use("a")];
	assert.equal(assistant({}), { role: "assistant", content: [THOUGHT, SEARCH, ...rest] });
	assert.equal(assistant({ send_opaque: false }), { role: "assistant", content: rest });
	assert.equal(assistant({ provider: "other" }), { role: "assistant", content: rest });
});

test("reasoning without a signature is dropped, and thinking at the end of a message", () => {
	const thought: cchat.ContentPart = { type: "reasoning", reasoning: { text: "Hm.", sealed: opaque(THOUGHT, "content.thinking") } };
	const plain: cchat.ContentPart = { type: "reasoning", reasoning: { text: "Hm." } };
	assert.equal(
		sent([
			say("user", "A"),
			parts("assistant", plain, { type: "text", text: "B" }, thought),
			parts("assistant", thought),
			say("user", "C"),
		]),
		{
			messages: [
				{ role: "user", content: [text("A")] },
				{ role: "assistant", content: [text("B")] },
				{ role: "user", content: [text("C")] },
			],
		},
	);
});

test("an opaque part that the API cannot have sent is refused, and one in place of an own part is dropped", () => {
	const said = (part: types.OpaquePart) => [
		say("user", "A"),
		parts("assistant", { type: "opaque", opaque: part }, { type: "text", text: "B" }),
	];
	const path = "invalid_request: messages[1].content[0].opaque";
	assert.is(
		refusalOf({ messages: said(opaque(THOUGHT, "content.other")) }),
		`${path}.kind: "content.other" is not a part of this backend's messages`,
	);
	assert.is(
		refusalOf({ messages: said({ provider: "up", kind: "content.x", data: Uint8Array.of(0x7b) }) }),
		`${path}.data: it is not JSON; return a part as it was received`,
	);
	const image = { type: "image", source: { type: "url", url: "http://169.254.169.254/" } };
	assert.equal(sent(said(opaque(image, "content.image"))), {
		messages: [
			{ role: "user", content: [text("A")] },
			{ role: "assistant", content: [text("B")] },
		],
	});
});

test.run();
