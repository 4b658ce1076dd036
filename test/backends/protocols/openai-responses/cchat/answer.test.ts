/** Whole answers and streams of the Responses API lead to the same result. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer, cut } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { message, responseStream, upstream, wholeResponse, wire } from "../upstream.ts";
import { ANSWER_CASES } from "./answer-cases.ts";

/** Returns what the deltas of a stream say: its text, reasoning and refusal, and its calls. */
function said(events: readonly cchat.Event[]): object {
	const calls: cchat.ToolCall[] = [];
	const texts = { text: "", reasoning: "", refusal: "" };
	for (const event of events) {
		if (event.type === "text") texts.text += event.text;
		else if (event.type === "reasoning") texts.reasoning += event.reasoning;
		else if (event.type === "refusal") texts.refusal += event.refusal;
		else if (event.type === "tool_call") {
			const { index, id = "", name = "", arguments: piece } = event.tool_call;
			const known = calls[index];
			if (known === undefined) calls[index] = { id, name, arguments: piece };
			else known.arguments += piece;
		}
	}
	return { ...texts, calls };
}

/** Returns the same of a whole answer. */
function saidIn({ message }: cchat.Response): object {
	const joined = (type: string) =>
		message.content
			.map((part) => {
				if (part.type !== type) return "";
				return part.type === "text"
					? part.text
					: part.type === "refusal"
						? part.refusal
						: part.type === "reasoning"
							? part.reasoning.text
							: "";
			})
			.join("");
	return { text: joined("text"), reasoning: joined("reasoning"), refusal: joined("refusal"), calls: message.tool_calls };
}

for (const [name, { output, more, response }] of Object.entries(ANSWER_CASES)) {
	test(`${name} is read from a whole answer`, () =>
		upstream([answer.json(wholeResponse(output, more))], async ({ chat, context }) => {
			assert.equal(await chat.unary(chatEnvelope(), context), response);
		}));

	test(`${name} is read from a stream, and the deltas say the same`, () =>
		upstream([answer.stream(wire(responseStream(output, more)))], async ({ chat, context }) => {
			const events = await collect(chat.stream(chatEnvelope(), context));
			assert.equal(events.at(-1), { type: "completed", completed: response });
			assert.equal(said(events), saidIn(response));
			assert.equal(events.at(-2), { type: "usage", usage: response.usage });
		}));

	test(`${name} is read from an answer that is not streamed as asked`, () =>
		upstream([answer.json(wholeResponse(output, more))], async ({ chat, context }) => {
			const events = await collect(chat.stream(chatEnvelope(), context));
			assert.equal(events.at(-1), { type: "completed", completed: response });
		}));
}

test("a stream that arrives byte by byte has the same result", () => {
	const { output, response } = ANSWER_CASES["reasoning with a summary of two paragraphs"] ?? { output: [] };
	const bytes = wire(responseStream(output));
	const offsets = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
	return upstream([answer.stream(cut(bytes, offsets))], async ({ chat, context }) => {
		const events = await collect(chat.stream(chatEnvelope(), context));
		assert.equal(events.at(-1), { type: "completed", completed: response });
	});
});

test("a text ends before a stop sequence, which the API does not know", () => {
	const output = [message("One. STOP Two.")];
	const stopping = chatEnvelope({ params: { stop: ["STOP"] } });
	const content = [{ type: "text", text: "One. " }];
	return upstream([answer.json(wholeResponse(output)), answer.stream(wire(responseStream(output)))], async ({ chat, server, context }) => {
		assert.equal((await chat.unary(stopping, context)).message.content, content);
		const last = (await collect(chat.stream(stopping, context))).at(-1);
		assert.equal(last?.type === "completed" && last.completed.message.content, content);
		for (const request of server.requests) assert.not(request.body.includes("STOP"));
	});
});

test.run();
