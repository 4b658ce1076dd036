import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../generated/ir/cchat.ts";
import type { OpaquePart } from "../../../generated/ir/types.ts";
import { answerParts, assistantContent } from "../../../src/serve/openai/assistant-parts.ts";
import { conversation as chatConversation } from "../../../src/serve/openai/chat/messages.ts";
import { chatCompletion } from "../../../src/serve/openai/chat/response.ts";
import { Fields } from "../../../src/serve/openai/fields.ts";
import { parseToken, printToken } from "../../../src/serve/openai/part-token.ts";
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

test("a token is read as it was printed", () => {
	fc.assert(
		fc.property(fc.nat(99), fc.option(fc.nat(99), { nil: undefined }), opaques, (offset, reasoning, sealed) => {
			assert.equal(parseToken(printToken({ offset, reasoning, sealed }), "p"), { offset, reasoning, sealed });
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

for (const text of [
	"",
	"spear1",
	"spear1.0",
	"spear1.x.",
	"spear1.0.1.a",
	"spear1.0.1.a.b.c.d",
	"spear1.9999999999.",
	"EqQBCg…",
	"spear2.0.0.a.b.c",
]) {
	test(`a text that is no token is refused: ${text}`, () => {
		assert.throws(
			() => parseToken(text, "path"),
			({ message }: Error) => message.startsWith("path: is not a value that this server has sent"),
		);
	});
}

test.run();
