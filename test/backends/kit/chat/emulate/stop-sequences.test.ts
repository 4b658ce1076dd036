import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { StopMatcher } from "../../../../../src/backends/kit/chat/emulate/stop-matcher.ts";
import { withStopSequences } from "../../../../../src/backends/kit/chat/emulate/stop-sequences.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { assertLinear } from "../../../../helpers/growth.ts";
import { answer, divisions, endOf, scripted, streamed, text, textOf, whole } from "./scripted.ts";

const params = (...stop: string[]): Partial<cchat.Request> => ({ params: { stop } });
const cutting = (upstream: ReturnType<typeof scripted>, max = 0) => withStopSequences(upstream, { max, model: () => "named" });

/** Reads pieces to the end. Returns the text before the first stop sequence. */
function cut(stops: readonly string[], pieces: readonly string[]): string {
	const matcher = new StopMatcher(stops);
	let read = "";
	for (const piece of pieces) {
		const { text: part, found } = matcher.push(piece);
		read += part;
		if (found) return read;
	}
	return read + matcher.end();
}

test("text ends before the sequence that is complete first, however it is divided", () => {
	for (const [stops, input, expected] of [
		[["END"], "one END two", "one "],
		[["\n\n", "b"], "a\nb\n\n", "a\n"],
		[["abcd", "bc"], "xabcd", "xa"],
		[["bc", "abc"], "xabc", "x"],
		[["aab"], "aaab", "a"],
		[["abab"], "abaab", "abaab"],
		[["", "z"], "abc", "abc"],
		[["😀x"], "a😀😀x", "a😀"],
	] as const)
		for (const pieces of divisions(input)) assert.is(cut(stops, pieces), expected, JSON.stringify([stops, pieces]));
});

test("the cut is that of a search at each place", () => {
	const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 4 });
	fc.assert(
		fc.property(fc.array(letters, { maxLength: 3 }), fc.array(letters, { maxLength: 6 }), (stops, pieces) => {
			const input = pieces.join("");
			let expected = input;
			for (let end = 1; end <= input.length && expected === input; end++) {
				const ends = stops.filter((stop) => stop !== "" && input.slice(0, end).endsWith(stop)).map((stop) => stop.length);
				if (ends.length > 0) expected = input.slice(0, end - Math.max(...ends));
			}
			assert.is(cut(stops, pieces), expected);
		}),
	);
});

test("at most the length of the longest sequence less one is held back", () => {
	const matcher = new StopMatcher(["abcd"]);
	assert.is(matcher.push("xabc").text, "x");
	assert.is(matcher.push("abc").text, "abc");
	assert.is(matcher.push("x").text, "abcx");
});

test("a whole answer is cut, with what follows and citations of it", async () => {
	const cite = (start_index: number, end_index: number): cchat.ContentPart => ({
		type: "annotation",
		annotation: { url: "u", start_index, end_index },
	});
	const upstream = scripted(
		answer(
			[text("ab"), text("cEN"), text("Dxy"), text("z"), cite(0, 2), cite(2, 6), cite(6, 7)],
			{ finish_reason: "length", usage: { output_tokens: 9 } },
			[{ id: "c", name: "f", arguments: "{}" }],
		),
	);
	assert.equal(
		await whole(cutting(upstream), params("END")),
		answer([text("ab"), text("c"), cite(0, 2), cite(2, 3)], { usage: { output_tokens: 9 } }),
	);
	assert.equal(upstream.payloads[0]?.params, { stop: [] });
});

test("an answer without a stop sequence stays the same object", async () => {
	const given = answer([text("abc")]);
	assert.is(await whole(cutting(scripted(given)), params("END")), given);
	const events = await streamed(cutting(scripted(given, [text("a"), text("bc")])), params("bcd"));
	assert.is(textOf(events), "abc");
	assert.is(endOf(events), given);
});

test("a stream is cut across its events, and the upstream is cancelled there", async () => {
	const upstream = scripted(answer([text("never")]), [
		{ type: "reasoning", reasoning: "h" },
		{ type: "reasoning", reasoning: "m" },
		text("one E"),
		{ type: "usage", usage: { output_tokens: 2 } },
		text("ND two"),
		text("three"),
	]);
	const events = await streamed(cutting(upstream), params("END"));
	assert.is(textOf(events), "one ");
	const content: cchat.ContentPart[] = [{ type: "reasoning", reasoning: { text: "hm" } }, text("one ")];
	assert.equal(endOf(events), {
		model: "named",
		message: { role: "assistant", content, tool_calls: [] },
		finish_reason: "stop",
		usage: { output_tokens: 2 },
	});
	assert.is(upstream.read.length, 5);
	assert.is(upstream.cancelled, 1);
});

test("the upstream receives as many sequences as it accepts, and more are all cut by the host", async () => {
	const upstream = scripted(answer([text("aXb")]));
	assert.equal((await whole(cutting(upstream, 2), params("X", "Y"))).message.content, [text("aXb")]);
	assert.equal((await whole(cutting(upstream, 2), params("X", "Y", "Z"))).message.content, [text("a")]);
	assert.equal(
		upstream.payloads.map((payload) => payload.params?.stop),
		[["X", "Y"], []],
	);
});

test("failures pass unchanged", async () => {
	const failure = new SpearError("rate_limited", "slow down");
	for (const run of [whole, streamed])
		await run(cutting(scripted(failure, [text("a")])), params("X")).then(
			() => assert.unreachable(),
			(thrown: unknown) => assert.is(thrown, failure),
		);
});

test("the cost of many sequences that almost match is linear", () =>
	assertLinear({
		name: "a text of almost matches",
		from: 1024,
		to: 1 << 14,
		make: (size) => "a".repeat(size),
		run: (input: string) =>
			cut(
				Array.from({ length: 64 }, (_, at) => `${"a".repeat(at + 1)}b`),
				[input],
			),
	}));

test.run();
