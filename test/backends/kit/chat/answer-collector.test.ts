import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { chatResponse } from "../../../../src/backends/kit/chat/answer.ts";
import { AnswerCollector } from "../../../../src/backends/kit/chat/answer-collector.ts";
import { CallIds } from "../../../../src/backends/kit/chat/call-ids.ts";

const wrong = (what: string): Error => new Error(what);
const context = { model: "m", provider: "up", ids: new CallIds() };
const collector = (): AnswerCollector => new AnswerCollector({ ids: new CallIds() }, wrong);

/** Returns the message of the collected blocks. */
function messageOf(answer: AnswerCollector): cchat.Message {
	return chatResponse(answer.blocks(), { finishReason: "stop" }, context, wrong).message;
}

const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

test("pieces of interleaved blocks lead to blocks in the order of their beginnings", () => {
	const answer = collector();
	const events = [
		...answer.reasoning(0, "I "),
		...answer.text(1, "Yes"),
		...answer.reasoning(0, "think"),
		...answer.text(1, "."),
		...answer.text(1, ""),
	];
	assert.equal(events, [
		{ type: "reasoning", reasoning: "I " },
		{ type: "text", text: "Yes" },
		{ type: "reasoning", reasoning: "think" },
		{ type: "text", text: "." },
	]);
	assert.equal(messageOf(answer).content, [
		{ type: "reasoning", reasoning: { text: "I think" } },
		{ type: "text", text: "Yes." },
	]);
});

test("without keys, a piece continues the last block of its type", () => {
	const answer = collector();
	for (const _ of [...answer.text(undefined, "a"), ...answer.text(undefined, "b"), ...answer.refusal(undefined, "No.")]);
	for (const _ of answer.text(undefined, "c"));
	assert.equal(messageOf(answer).content, [
		{ type: "text", text: "ab" },
		{ type: "text", text: "c" },
		{ type: "refusal", refusal: "No." },
	]);
});

test("calls get ids that no other call has, and the arguments {} if none arrive", () => {
	const answer = collector();
	const events = [
		...answer.call("x", "look", "c1"),
		...answer.call("y", "look", "c1"),
		...answer.callArguments("x", '{"q":'),
		...answer.callArguments("x", "1}"),
		...answer.emptyArguments(),
	];
	const [first, second] = messageOf(answer).tool_calls;
	assert.equal(first, { id: "c1", name: "look", arguments: '{"q":1}' });
	assert.equal([second?.name, second?.arguments], ["look", "{}"]);
	assert.is.not(second?.id, "c1");
	assert.equal(events.at(-1), { type: "tool_call", tool_call: { index: 1, arguments: "{}" } });
	assert.is(answer.hasCalls, true);
});

test("a seal is written from the whole reasoning, and an opaque part once it is complete", () => {
	const answer = collector();
	for (const _ of answer.reasoning(0, "a"));
	answer.seal(0, { kind: "signed", json: (text) => JSON.stringify({ text }) });
	for (const _ of answer.reasoning(0, "b"));
	answer.opaque({ kind: "search", json: () => '{"q":1}' });
	answer.opaque({ kind: "torn", json: () => undefined });
	const [reasoning, opaque, ...more] = messageOf(answer).content;
	assert.ok(reasoning?.type === "reasoning" && opaque?.type === "opaque");
	assert.equal([reasoning.reasoning.text, textOf(reasoning.reasoning.sealed?.data)], ["ab", '{"text":"ab"}']);
	assert.equal([opaque.opaque.kind, textOf(opaque.opaque.data)], ["search", '{"q":1}']);
	assert.equal(more, []);
});

test("citations have their place in the whole text, in scalar values", () => {
	const answer = collector();
	for (const _ of [...answer.text(0, "\u{1f600}a"), ...answer.text(1, "bc")]);
	answer.cite(1, { url: "https://example.com", start_index: 1, end_index: 2 });
	answer.cite(1, { title: "All" });
	assert.equal(
		messageOf(answer).content.filter(({ type }) => type === "annotation"),
		[
			{ type: "annotation", annotation: { url: "https://example.com", start_index: 3, end_index: 4 } },
			{ type: "annotation", annotation: { title: "All", start_index: 2, end_index: 4 } },
		],
	);
});

test("a block that changes its type, a call without a beginning, and too many parts break the protocol", () => {
	const answer = collector();
	for (const _ of answer.text(0, "a"));
	assert.throws(() => [...answer.reasoning(0, "b")], /the block 0 changes from text to reasoning/);
	assert.throws(() => [...answer.callArguments(7, "{}")], /a tool call that has not started/);
	assert.throws(() => [...answer.call(0, "f", undefined)], /the block 0 begins twice/);
	assert.throws(() => {
		for (let count = 0; count <= 1000; count++) answer.opaque({ kind: "k", json: "1" });
	}, /more than 1000 blocks/);
	assert.throws(() => {
		for (let count = 0; count <= 10_000; count++) answer.cite(0, {});
	}, /more than 10000 citations/);
});

test.run();
