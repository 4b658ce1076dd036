/** Cases of streams: whole or failed, each as one test. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer, type Behaviour } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { chunk, upstream } from "../upstream.ts";

export const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
export const CALLS = [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "{}" } }];
/** The error for an answer that is cut. */
export const CUT = "the backend's answer ended before it was complete";
/** A chunk with the text that the cases expect. */
export const HELLO = chunk({ content: "Hello." });

/** Returns the error for a malformed answer. */
export function malformed(what: string): string {
	return `the backend's answer is malformed: ${what}`;
}

/** Sends a text as an event stream. */
export function lines(text: string): Behaviour {
	return answer.stream(Buffer.from(text));
}

/** Returns the lines of an event. */
export function data(value: object): string {
	return `data: ${JSON.stringify(value)}\n\n`;
}

function textOf(events: readonly cchat.Event[]): string {
	return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** Asserts that a stream completes with this text, in its events and in its last event. */
export function completes(
	name: string,
	behaviour: Behaviour,
	expected: { text?: string; finish?: cchat.FinishReason; calls?: number } = {},
): void {
	test(`a chat stream is whole ${name}`, () =>
		upstream([behaviour], async ({ chat, context }) => {
			const { text = "Hello.", finish = "stop", calls = 0 } = expected;
			const events = await collect(chat.stream(chatEnvelope(), context));
			const last = events.at(-1);
			assert.ok(last?.type === "completed");
			const { message, finish_reason } = last.completed;
			assert.equal(message.content, text === "" ? [] : [{ type: "text", text }]);
			assert.is(textOf(events), text);
			assert.is(message.tool_calls.length, calls);
			assert.is(finish_reason, finish);
		}));
}

/** Asserts that a stream fails with this message, after this text, and that no event says that it is complete. */
export function fails(name: string, behaviour: Behaviour, message: string, { text = "Hello.", retryable = true } = {}): void {
	test(`a chat stream fails ${name}`, () =>
		upstream([behaviour], async ({ chat, context }) => {
			const events: cchat.Event[] = [];
			const failed = await failure(
				(async () => {
					for await (const event of chat.stream(chatEnvelope(), context)) events.push(event);
				})(),
			);
			assert.is(failed.message, message);
			assert.is(failed.retryable, retryable);
			assert.not.ok(events.some(({ type }) => type === "completed" || type === "failed"));
			assert.is(textOf(events), text);
		}));
}
