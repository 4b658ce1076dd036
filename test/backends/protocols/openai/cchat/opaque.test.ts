/** Opaque parts: unchanged to the guest, and unchanged back to the provider with the next turn. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import type { Setting } from "../../../kind-upstream.ts";
import { chunk, completion, upstream } from "../upstream.ts";

const REASONING_DETAILS = '[ {"type":"reasoning.encrypted", "data":"QUJD\\/+==" ,"index":0.0} ]';
const CONTEXT = '{"intent": "\\u0061sk",\t"n":12345678901234567890}';
const THINKING = '{ "type":"thinking","thinking":[{"type":"text","text":"Hm"}] }';
const FILE = '{"type":"file", "file":{"hash":"h"}}';
const SIGNATURE = '{"google" : {"thought_signature":"c2ln"}}';

/** An answer with an opaque part in every place, and with irregular spaces and escapes. */
const ANSWER = `{"id":"chatcmpl-1","object":"chat.completion","created":1772366400,"model":"small", "choices":[ {"index":0,"finish_reason":"tool_calls","logprobs":null,
	"message" : {"role":"assistant","refusal":null,"audio":null,"reasoning":"Hm.","reasoning_details" : ${REASONING_DETAILS} ,"context":${CONTEXT},
	"content":[${THINKING} , {"type":"text","text":"Let me look."}],
	"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":0,"end_index":3}},${FILE}],
	"tool_calls":[{"id":"c1","type":"function","function":{"name":"t","arguments":"{}"},"extra_content" :${SIGNATURE} }]} } ]}`;

const opaque = (kind: string, data: string, provider = "up"): types.OpaquePart => ({
	provider,
	kind,
	data: new TextEncoder().encode(data),
});

const MESSAGE: cchat.Message = {
	role: "assistant",
	content: [
		{ type: "reasoning", reasoning: { text: "Hm.", sealed: opaque("message.reasoning_details", REASONING_DETAILS) } },
		{ type: "opaque", opaque: opaque("content.thinking", THINKING) },
		{ type: "text", text: "Let me look." },
		{ type: "annotation", annotation: { url: "https://a.example", title: "A", start_index: 0, end_index: 3 } },
		{ type: "opaque", opaque: opaque("annotations.file", FILE) },
		{ type: "opaque", opaque: opaque("message.context", CONTEXT) },
		{ type: "opaque", opaque: opaque("tool_calls.0.extra_content", SIGNATURE) },
	],
	tool_calls: [{ id: "c1", name: "t", arguments: "{}" }],
};

/** The assistant's message as it must be sent again. */
const RETURNED = `{"role":"assistant","content":[${THINKING},{"type":"text","text":"Let me look."}],"annotations":[${FILE}],"tool_calls":[{"id":"c1","type":"function","function":{"name":"t","arguments":"{}"},"extra_content":${SIGNATURE}}],"reasoning_details":${REASONING_DETAILS},"context":${CONTEXT}}`;

/** Returns a conversation: a user's message, the given messages, and a tool result. */
function turn(...messages: cchat.Message[]): ReturnType<typeof chatEnvelope> {
	const user: cchat.Message = { role: "user", content: [{ type: "text", text: "Hi" }], tool_calls: [] };
	const tool: cchat.Message = { role: "tool", content: [{ type: "text", text: "4" }], tool_calls: [], tool_call_id: "c1" };
	return chatEnvelope({ messages: [user, ...messages, tool] });
}

/** Returns the body of the last request that the server received. */
const lastBody = ({ server }: Setting): string => server.requests.at(-1)?.body ?? "";

test("a message with opaque parts in every place survives two turns byte for byte", () =>
	upstream([answer.text(ANSWER), answer.json(completion({ content: "Four." }))], async (setting) => {
		const { chat, context } = setting;
		const { message } = await chat.unary(chatEnvelope(), context);
		assert.equal(message, MESSAGE);
		await chat.unary(turn(message), context);
		assert.is(
			lastBody(setting),
			`{"model":"small","messages":[{"role":"user","content":"Hi"},${RETURNED},{"role":"tool","content":"4","tool_call_id":"c1"}]}`,
		);
	}));

test("a streamed message with opaque parts in every place survives two turns byte for byte", () => {
	const delta = (text: string): string =>
		`{"id":"chatcmpl-1","model":"small","choices":[{"index":0, "delta" : ${text},"finish_reason":null}]}`;
	const events = [
		delta(`{"role":"assistant","content":[${THINKING}]}`),
		delta(`{"reasoning":"Hm.","reasoning_details" : ${REASONING_DETAILS} }`),
		delta(`{"content":"Let me "}`),
		delta(`{"content":"look.","context":${CONTEXT} }`),
		delta(`{"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A","start_index":0,"end_index":3}}]}`),
		delta(`{"annotations":[${FILE}]}`),
		delta(`{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"t","arguments":""},"extra_content" :${SIGNATURE} }]}`),
		delta(`{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}`),
		JSON.stringify(chunk({}, "tool_calls")),
	];
	return upstream([answer.stream(sse(events)), answer.json(completion({ content: "Four." }))], async (setting) => {
		const { chat, context } = setting;
		const last = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.ok(last?.type === "completed");
		assert.equal(last.completed.message, MESSAGE);
		await chat.unary(turn(last.completed.message), context);
		assert.ok(lastBody(setting).includes(RETURNED));
	});
});

test("an opaque part that a stream delivers in several fragments is dropped", () =>
	upstream(
		[
			answer.stream(
				sse([
					chunk({ reasoning: "H", reasoning_details: [{ text: "H" }] }),
					chunk({ reasoning: "m", reasoning_details: [{ text: "m" }] }),
					chunk({ content: "a" }),
					chunk({ content: [{ type: "thinking", thinking: "x" }] }),
					chunk({ content: "b" }),
					chunk({ content: [{ type: "thinking", thinking: "y" }] }),
					chunk({}, "stop"),
				]),
			),
		],
		async ({ chat, context }) => {
			const last = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
			assert.equal(last?.type === "completed" && last.completed.message.content, [
				{ type: "reasoning", reasoning: { text: "Hm" } },
				{ type: "text", text: "ab" },
			]);
		},
	));

test("empty members make no opaque parts", () =>
	upstream(
		[answer.json(completion({ content: "a", audio: null, executed_tools: [], context: {}, note: "" }))],
		async ({ chat, context }) => {
			const { message } = await chat.unary(chatEnvelope(), context);
			assert.equal(message.content, [{ type: "text", text: "a" }]);
		},
	));

test("opaque parts of another provider are dropped, and all of them if the option is off", async () => {
	const bare =
		'{"role":"assistant","content":"Let me look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"t","arguments":"{}"}}]}';
	for (const options of [{ provider: "else" }, { send_opaque: false }]) {
		await upstream(
			[answer.json(completion({ content: "Four." }))],
			async (setting) => {
				await setting.chat.unary(turn(MESSAGE), setting.context);
				assert.ok(lastBody(setting).includes(bare));
			},
			{ options },
		);
	}
});

test("instances with the same provider share opaque parts", () =>
	upstream(
		[answer.text(ANSWER)],
		async ({ chat, context }) => {
			const { message } = await chat.unary(chatEnvelope(), context);
			assert.equal(message.content[5], { type: "opaque", opaque: opaque("message.context", CONTEXT, "acme") });
		},
		{ options: { provider: "acme" } },
	));

test("a conversation that consists of another provider's parts is refused with missing_capabilities", () =>
	upstream([], async ({ chat, context }) => {
		const message: cchat.Message = {
			role: "assistant",
			content: [{ type: "opaque", opaque: opaque("message.x", "1", "other") }],
			tool_calls: [],
		};
		const { code, message: text } = await failure(chat.unary(chatEnvelope({ messages: [message] }), context));
		assert.equal(
			[code, text],
			["missing_capabilities", "messages: they hold nothing that this backend can receive, such as only reasoning"],
		);
	}));

test("an opaque part cannot change other members or carry media", () =>
	upstream([answer.json(completion({ content: "a" }))], async (setting) => {
		const { chat, context } = setting;
		const place = "messages[1].content[1].opaque";
		const cases: [types.OpaquePart, string][] = [
			[opaque("message.x", '1,"model":"large"'), `${place}.data: it is not JSON; return a part as it was received`],
			[opaque("message.content", '"b"'), `${place}.kind: "message.content" is not a part of this backend's messages`],
			[opaque("message.tool_calls", "[]"), `${place}.kind: "message.tool_calls" is not a part of this backend's messages`],
			[opaque("content.thinking", '{"type":"image_url"}'), `${place}.kind: "content.thinking" is not a part of this backend's messages`],
			[opaque("tool_calls.1.x", "1"), `${place}.kind: "tool_calls.1.x" belongs to a tool call that messages[1] does not have`],
			[opaque("tool_calls.0.function", "{}"), `${place}.kind: "tool_calls.0.function" is not a part of this backend's messages`],
			[opaque("thinking", "1"), `${place}.kind: "thinking" is not a part of this backend's messages`],
		];
		const withPart = (...parts: types.OpaquePart[]): cchat.Message => ({
			role: "assistant",
			content: [{ type: "text", text: "a" }, ...parts.map((part): cchat.ContentPart => ({ type: "opaque", opaque: part }))],
			tool_calls: [{ id: "c1", name: "t", arguments: "{}" }],
		});
		for (const [part, expected] of cases) {
			const { code, message } = await failure(chat.unary(turn(withPart(part)), context));
			assert.is(code, "invalid_request");
			assert.is(message, expected);
		}
		const twice = await failure(chat.unary(turn(withPart(opaque("message.x", "1"), opaque("message.x", "2"))), context));
		assert.is(twice.message, 'messages[1].content[2].opaque.kind: another part of the message has the same place "x"');
		assert.is(setting.server.requests.length, 0);
		await chat.unary(turn(withPart(opaque("content.image_url", '{"type":"image_url","image_url":{"url":"http://10.0.0.1"}}'))), context);
		assert.not.match(lastBody(setting), "image_url");
	}));

test.run();
