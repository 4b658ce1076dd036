/** Bounds of the parts that an answer carries. Each opaque part costs a seal, so a megabyte of tiny ones would block the event loop. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parseCompletion } from "../../../../../src/backends/protocols/openai/cchat/response.ts";
import { chatEvents, DONE } from "../../../../../src/backends/protocols/openai/cchat/stream.ts";
import type { StreamedEvent } from "../../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../../src/transport/http/exchange.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { answerOf } from "../upstream.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/v1/chat/completions"), {});

type Json = Readonly<Record<string, unknown>>;

function listOf<T>(length: number, item: (index: number) => T): T[] {
	return Array.from({ length }, (_, index) => item(index));
}

const members = (size: number): Json => Object.fromEntries(listOf(size, (index) => [`m${index}`, index]));
const call = (more: Json): Json => ({ index: 0, id: "c", type: "function", function: { name: "t", arguments: "{}" }, ...more });
const citation = { type: "url_citation", url_citation: { url: "https://a.example" } };

/** Messages with `size` opaque parts in one place. */
const MESSAGES: readonly [place: string, make: (size: number) => Json][] = [
	["members", (size) => ({ content: "a", ...members(size) })],
	["items of content", (size) => ({ content: listOf(size, (index) => ({ type: `t${index}` })) })],
	["annotations", (size) => ({ content: "a", annotations: listOf(size, () => ({ type: "file" })) })],
	["members of a call", (size) => ({ content: "a", tool_calls: [call(members(size))] })],
	[
		"all places",
		(size) => ({ content: [{ type: "t" }], annotations: [{ type: "file" }], tool_calls: [call({ x: 1 })], ...members(size - 3) }),
	],
];

async function read(message: Json): Promise<cchat.Response> {
	const value = { choices: [{ message, finish_reason: "stop" }] };
	return parseCompletion({ value, text: JSON.stringify(value), exchange }, answerOf("m"));
}

async function stream(...deltas: readonly Json[]): Promise<cchat.Response> {
	async function* events(): AsyncGenerator<StreamedEvent> {
		for (const delta of deltas) yield { data: JSON.stringify({ choices: [{ delta }] }), exchange };
		yield { data: '{"choices":[{"delta":{},"finish_reason":"stop"}]}', exchange };
		yield { data: DONE, exchange };
	}
	const last = (await Array.fromAsync(chatEvents(events(), answerOf("m")))).at(-1);
	if (last?.type !== "completed") throw new Error("the stream was not completed");
	return last.completed;
}

function opaqueParts({ message }: cchat.Response): number {
	return message.content.filter(({ type }) => type === "opaque").length;
}

async function malformed(promise: Promise<unknown>): Promise<string> {
	const { code, attribution, message } = await failure(promise);
	assert.equal([code, attribution], ["backend_error", "backend"]);
	return message;
}

const MALFORMED = "the backend's answer is malformed:";
const TOO_MANY = "has more than 1000 members and items that the API does not define";

test("a message with a thousand opaque parts is carried, and one with more is malformed", async () => {
	for (const [place, make] of MESSAGES) {
		assert.is(opaqueParts(await read(make(1000))), 1000, place);
		assert.is(await malformed(read(make(1001))), `${MALFORMED} choices[0].message ${TOO_MANY}`, place);
	}
});

test("a delta with a thousand opaque parts is carried, and one with more is malformed", async () => {
	for (const [place, make] of MESSAGES) {
		assert.is(opaqueParts(await stream(make(1000))), 1000, place);
		assert.is(await malformed(stream(make(1001))), `${MALFORMED} it ${TOO_MANY}`, place);
	}
});

test("a stream is malformed when its deltas hold more than a thousand opaque parts together", async () => {
	assert.is(opaqueParts(await stream(...listOf(1000, (index) => ({ [`m${index}`]: 1 })))), 1000);
	assert.is(await malformed(stream(...listOf(1001, (index) => ({ [`m${index}`]: 1 })))), `${MALFORMED} it ${TOO_MANY}`);
	assert.is(await malformed(stream(...listOf(1001, () => ({ annotations: [{ type: "file" }] })))), `${MALFORMED} it ${TOO_MANY}`);
});

test("the fragments of an opaque part count once, however many chunks of a stream hold one", async () => {
	const { message } = await stream(...listOf(3000, () => ({ content: "a", reasoning: "b", reasoning_details: [{ text: "b" }] })));
	assert.equal(message.content, [
		{ type: "reasoning", reasoning: { text: "b".repeat(3000) } },
		{ type: "text", text: "a".repeat(3000) },
	]);
});

test("ten thousand citations are carried, and an answer with more is malformed", async () => {
	const many = { content: "a", annotations: listOf(10_000, () => citation) };
	assert.is((await read(many)).message.content.length, 10_001);
	assert.is((await stream(many)).message.content.length, 10_001);
	const more = { content: "a", annotations: listOf(10_001, () => citation) };
	assert.is(await malformed(read(more)), `${MALFORMED} choices[0].message has more than 10000 citations`);
	assert.is(await malformed(stream(many, { annotations: [citation] })), `${MALFORMED} it has more than 10000 citations`);
});

test.run();
