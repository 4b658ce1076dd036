import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PromptText, Tokenizer } from "../../../../src/backends/protocols/llama-cpp/library.ts";
import { promptTokens, textTokens } from "../../../../src/backends/protocols/llama-cpp/tokenize.ts";
import { turnsOf } from "../../../helpers/turn-count.ts";
import { failureOf } from "./instance.ts";

const signal = new AbortController().signal;

/** Returns a tokenizer that makes a token of each character, and the calls that it receives. */
function recorder(): { readonly tokenizer: Tokenizer; readonly calls: Parameters<Tokenizer>[] } {
	const calls: Parameters<Tokenizer>[] = [];
	return {
		calls,
		tokenizer: (...call) => {
			calls.push(call);
			return Array.from(call[0], (character) => character.charCodeAt(0));
		},
	};
}

test("a long text is cut into pieces before blanks, and nothing is lost", async () => {
	const { tokenizer, calls } = recorder();
	const text = "The quick brown fox. ".repeat(500);
	const tokens = await textTokens(text, tokenizer, { signal, max: 20_000 });
	assert.is(String.fromCharCode(...tokens), text);
	assert.is(calls.map(([piece]) => piece).join(""), text);
	for (const [piece] of calls) assert.ok(piece.length <= 2048, String(piece.length));
	for (const [piece, special, options] of calls.slice(1)) assert.equal([piece[0], special, options], [" ", false, "trimLeadingSpace"]);
	assert.equal(calls[0]?.slice(1), [false, undefined]);
});

test("a text without blanks is cut between characters", async () => {
	const { tokenizer, calls } = recorder();
	await textTokens(`x${"🙂".repeat(3000)}`, tokenizer, { signal, max: 20_000 });
	assert.ok(calls.length > 2);
	for (const [piece] of calls) assert.ok(piece.isWellFormed());
});

test("the tokens of a prompt are those that the prompt itself would make", async () => {
	const { tokenizer, calls } = recorder();
	const prompt: PromptText = {
		tokenize: (tokenize) => [
			...tokenize("BOS", "builtin"),
			...tokenize("<|user|>", true),
			...tokenize("", false),
			...tokenize("Hi", false, "trimLeadingSpace"),
		],
	};
	assert.equal(await promptTokens(prompt, tokenizer, { signal, max: 100 }), prompt.tokenize(recorder().tokenizer));
	assert.equal(calls, [
		["BOS", "builtin", undefined],
		["<|user|>", true, undefined],
		["Hi", false, "trimLeadingSpace"],
	]);
});

test("the tokenization ends when the text is too long, or is aborted", async () => {
	const long = recorder();
	await textTokens("x".repeat(100_000), long.tokenizer, { signal, max: 3000 });
	assert.is(long.calls.length, 2);
	const abort = new AbortController();
	const aborted = recorder();
	const tokenizer: Tokenizer = (...call) => {
		abort.abort();
		return aborted.tokenizer(...call);
	};
	const failure = await failureOf(textTokens("x".repeat(100_000), tokenizer, { signal: abort.signal, max: 200_000 }));
	assert.match(String(failure), "SpearError [cancelled]");
	assert.is(aborted.calls.length, 1);
});

test("other work has its turn during a long tokenization", async () => {
	/** Blocks the event loop for longer than a slice of time. */
	const slow: Tokenizer = (text) => {
		for (const end = performance.now() + 12; performance.now() < end; );
		return [text.length];
	};
	assert.ok((await turnsOf(() => textTokens("x".repeat(20_000), slow, { signal, max: 1000 }))) >= 9);
});

test.run();
