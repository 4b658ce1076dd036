import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type { OpaquePart } from "../../../generated/ir/types.ts";
import { answerParts, assistantContent } from "../../../src/serve/openai/assistant-parts.ts";
import { conversation as chatConversation } from "../../../src/serve/openai/chat/messages.ts";
import { chatCompletion } from "../../../src/serve/openai/chat/response.ts";
import { parseDetails, printDetails } from "../../../src/serve/openai/details.ts";
import { Fields } from "../../../src/serve/openai/fields.ts";
import { conversation } from "../../../src/serve/openai/responses/input.ts";
import { responsesCall } from "../../../src/serve/openai/responses/request.ts";
import { responseBody } from "../../../src/serve/openai/responses/response.ts";

const opaques: fc.Arbitrary<OpaquePart> = fc
	.record({
		provider: fc.string({ minLength: 1, maxLength: 5, unit: "grapheme" }),
		kind: fc.string({ maxLength: 9 }),
		bytes: fc.uint8Array({ maxLength: 20 }),
	})
	.map(({ provider, kind, bytes }) => ({ provider, kind, data: new Uint8Array(bytes) }));

const texts = fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" });

const contents: fc.Arbitrary<cchat.ContentPart[]> = fc.array(
	fc.oneof(
		texts.map((text): cchat.ContentPart => ({ type: "text", text })),
		opaques.map((opaque): cchat.ContentPart => ({ type: "opaque", opaque })),
		fc
			.tuple(texts, fc.option(opaques, { nil: undefined }))
			.map(
				([text, sealed]): cchat.ContentPart => ({ type: "reasoning", reasoning: { text, ...(sealed === undefined ? {} : { sealed }) } }),
			),
	),
	{ maxLength: 8 },
);

/** Joins texts that follow each other: a text that a client returns is one part. */
function joined(content: readonly cchat.ContentPart[]): cchat.ContentPart[] {
	const parts: cchat.ContentPart[] = [];
	for (const part of content) {
		const last = parts.at(-1);
		if (part.type === "text" && last?.type === "text") parts[parts.length - 1] = { type: "text", text: last.text + part.text };
		else parts.push(part);
	}
	return parts;
}

const answer = (content: cchat.ContentPart[]): cchat.Response => ({
	model: "m",
	message: { role: "assistant", content, tool_calls: [{ id: "call_1", name: "f", arguments: "{}" }] },
	finish_reason: "tool_calls",
});

/** Returns what a client gets when it parses the JSON of an answer. */
const received = (body: object): { readonly [name: string]: never } => JSON.parse(JSON.stringify(body));

test("a token is read as it was printed, and holds only letters, digits and three signs", () => {
	const details = fc.record(
		{ offset: fc.nat(99), text: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }), sealed: opaques },
		{ noNullPrototype: true },
	);
	fc.assert(
		fc.property(fc.array(details), (list) => {
			const token = printDetails(list);
			assert.match(token, /^[A-Za-z0-9._-]+$/);
			assert.equal(parseDetails(token, "p"), list);
		}),
	);
});

test("an answer that a client of Chat Completions returns is the answer, part by part", () => {
	fc.assert(
		fc.property(contents, (content) => {
			const { choices } = received(chatCompletion(answer(content), { requestId: "r", created: 0 }));
			const { message } = Object(choices)[0];
			assert.equal(chatConversation([message]), [answer(joined(content)).message]);
		}),
	);
});

test("an answer that a client of Responses returns is the answer, part by part", () => {
	const { echo } = responsesCall({ input: "Hi" });
	fc.assert(
		fc.property(contents, (content) => {
			const { output } = received(responseBody(answer(content), echo, { requestId: "r", created: 0 }));
			const [message] = conversation(new Fields({ input: output }, ""), undefined);
			assert.equal(message, { ...answer(joined(content)).message });
		}),
	);
});

test("details beyond the end of a text that the client has cut keep their order", () => {
	const content: cchat.ContentPart[] = [
		{ type: "text", text: "Hello" },
		{ type: "opaque", opaque: { provider: "p", kind: "k", data: Uint8Array.of(1) } },
		{ type: "text", text: " you" },
		{ type: "opaque", opaque: { provider: "p", kind: "k", data: Uint8Array.of(2) } },
	];
	const { details } = answerParts(answer(content).message);
	assert.equal(
		assistantContent(["Hel"], details).map((part) => (part.type === "opaque" ? part.opaque.data[0] : part.type)),
		["text", 1, 2],
	);
});

const encoded = (value: unknown): string => `spear1.${Buffer.from(JSON.stringify(value)).toString("base64url")}`;

for (const [name, token] of Object.entries({
	"an empty text": "",
	"a prefix alone": "spear1.",
	"bytes that are no JSON": "spear1.AAAA",
	"a token of another vendor": "EqQBCgIYAhIM",
	"an object": encoded({}),
	"a null": encoded([null]),
	"a detail without a place": encoded([{ text: "x" }]),
	"a place before the text": encoded([{ offset: -1, text: "x" }]),
	"a place that is no whole number": encoded([{ offset: 0.5, text: "x" }]),
	"a detail without content": encoded([{ offset: 0 }]),
	"a text that is none": encoded([{ offset: 0, text: 1 }]),
	"deep JSON": `spear1.${Buffer.from("[".repeat(1000)).toString("base64url")}`,
})) {
	test(`${name} is no token`, () => {
		assert.throws(
			() => parseDetails(token, "path"),
			({ message }: Error) => message.startsWith("path: is not a value that this server has sent"),
		);
	});
}

test("a token of 150,000 details is read without a deep stack", () => {
	const item = { offset: 0, text: "x" };
	const token = printDetails(Array.from({ length: 150_000 }, () => ({ ...item, sealed: undefined })));
	const [message] = chatConversation([
		{ role: "assistant", content: "x", reasoning_details: [{ type: "reasoning.encrypted", data: token }] },
	]);
	assert.is(message?.content.length, 150_001);
});

test.run();
