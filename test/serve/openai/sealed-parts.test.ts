/** Conversations whose answers hold parts that OpenAI's formats have no place for. */
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ResponseInput } from "openai/resources/responses/responses";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import { chunk, completion } from "../../backends/protocols/openai/upstream.ts";
import { answer, sse } from "../../helpers/openai-server.ts";
import { events, type Reaction, servedByScript, servedWithUpstream } from "./served.ts";

const model = "small";
const ask = { role: "user" as const, content: "Rome?" };
const tools = [{ type: "function" as const, function: { name: "weather", parameters: { type: "object" } } }];
const call = {
	id: "call_1",
	type: "function",
	function: { name: "weather", arguments: "{}" },
	extra_content: { google: { thought_signature: "c2ln" } },
};
const details = [
	{ type: "reasoning.encrypted", data: "opaque to all but the provider", id: "rs_1", format: "openai-responses-v1", index: 0 },
];

for (const stream of [false, true]) {
	test(`what the upstream of the same API understands alone returns to it byte for byte, ${stream ? "streamed" : "whole"}`, () =>
		servedWithUpstream(async ({ sdk }, upstream) => {
			const said = { content: "Let me look.", reasoning_content: "Hm.", reasoning_details: details, tool_calls: [call] };
			const chunks = [
				chunk({ role: "assistant", reasoning_content: "Hm." }),
				chunk({ content: "Let me look." }),
				chunk({ reasoning_details: details }),
				chunk({ tool_calls: [{ index: 0, ...call }] }),
				chunk({}, "tool_calls"),
			];
			upstream.script(
				stream ? answer.stream(sse(chunks)) : answer.json(completion(said, { finish_reason: "tool_calls" })),
				answer.json(completion({ content: "Sun." })),
			);
			const first = { model, messages: [ask], tools };
			const message = stream
				? await sdk.chat.completions.stream(first).finalMessage()
				: (await sdk.chat.completions.create(first)).choices[0]?.message;
			const history: ChatCompletionMessageParam[] = [
				ask,
				message as ChatCompletionMessageParam,
				{ role: "tool", tool_call_id: "call_1", content: "sun" },
			];
			await sdk.chat.completions.create({ model, messages: history, tools });
			const sent = (await upstream.request(1)).json();
			const [, returned] = Object(sent).messages;
			assert.equal(returned.reasoning_details, details);
			assert.equal(returned.tool_calls, [call]);
			assert.is(returned.content, "Let me look.");
		}));
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const signed = (text: string, signature: string): cchat.ContentPart => ({
	type: "reasoning",
	reasoning: { text, sealed: { provider: "vendor", kind: "signature", data: bytes(signature) } },
});

/** Reasoning between texts, whose order the provider checks. */
const INTERLEAVED: cchat.ContentPart[] = [
	signed("First.", "s1"),
	{ type: "text", text: "Let me look. " },
	signed("Second.", "s2"),
	{ type: "opaque", opaque: { provider: "vendor", kind: "redacted", data: bytes("r") } },
	{ type: "text", text: "Now." },
];

const MESSAGE: cchat.Message = {
	role: "assistant",
	content: INTERLEAVED,
	tool_calls: [{ id: "call_1", name: "weather", arguments: "{}" }],
};

function interleaved(): Reaction {
	const deltas = INTERLEAVED.flatMap((part): cchat.Event[] => {
		if (part.type === "reasoning") return [{ type: "reasoning", reasoning: part.reasoning.text }];
		return part.type === "text" ? [{ type: "text", text: part.text }] : [];
	});
	const begin: cchat.Event = { type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "{}" } };
	return events({ message: MESSAGE, finish_reason: "tool_calls" }, ...deltas, begin);
}

for (const stream of [false, true]) {
	test(`signed reasoning between texts returns at its place by Chat Completions, ${stream ? "streamed" : "whole"}`, () =>
		servedByScript([interleaved()], async ({ sdk }, received) => {
			const first = { model, messages: [ask], tools };
			const message = stream
				? await sdk.chat.completions.stream(first).finalMessage()
				: (await sdk.chat.completions.create(first)).choices[0]?.message;
			const result = { role: "tool" as const, tool_call_id: "call_1", content: "sun" };
			await sdk.chat.completions.create({ model, messages: [ask, message as ChatCompletionMessageParam, result], tools });
			assert.equal(received[1]?.payload.messages[1], MESSAGE);
		}));

	test(`signed reasoning between texts returns at its place by Responses, ${stream ? "streamed" : "whole"}`, () =>
		servedByScript([interleaved()], async ({ sdk }, received) => {
			const flat = [{ type: "function" as const, name: "weather", parameters: { type: "object" }, strict: null }];
			const input: ResponseInput = [ask];
			const first = { model, input, tools: flat };
			const { output } = stream ? await sdk.responses.stream(first).finalResponse() : await sdk.responses.create(first);
			const result = { type: "function_call_output" as const, call_id: "call_1", output: "sun" };
			await sdk.responses.create({ model, input: [...input, ...(output as ResponseInput), result], tools: flat });
			assert.equal(received[1]?.payload.messages[1], MESSAGE);
		}));
}

/** Returns a token with each detail changed. */
function altered(token: string, change: (detail: { readonly data: string }) => object): string {
	const details = JSON.parse(Buffer.from(token.slice("spear1.".length), "base64url").toString());
	return `spear1.${Buffer.from(JSON.stringify(details.map(change))).toString("base64url")}`;
}

test("a part that a client has made up or altered is refused", () =>
	servedByScript([interleaved()], async ({ sdk, post }, received) => {
		const message = Object((await sdk.chat.completions.create({ model, messages: [ask] })).choices[0]?.message);
		const [detail] = message.reasoning_details;
		const bodies = [
			{ ...detail, data: altered(detail.data, ({ data, ...part }) => ({ ...part, data: `${data}AAAA` })) },
			{ ...detail, data: altered(detail.data, (part) => ({ ...part, kind: "other" })) },
			{ ...detail, data: "EqQBCgIYAhIM" },
			{ type: "reasoning.text", text: "x", signature: "EqQBCgIYAhIM" },
		].map((each) => ({ model, messages: [ask, { role: "assistant", content: "x", reasoning_details: [each] }, ask] }));
		for (const body of bodies) {
			const answered = await post("/chat/completions", body);
			assert.is(answered.status, 400);
			assert.match(Object(await answered.json()).error.param, /^messages\[1\]\.reasoning_details/);
		}
		assert.is(received.length, 1);
	}));

test.run();
