import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PriceConfig } from "../../../generated/ir/config.ts";
import { costOf, estimatedCost } from "../../../src/router/limits/cost.ts";
import { reportedUsage, tokensOf } from "../../../src/router/limits/usage.ts";

const M = 1_000_000;
const PRICE: PriceConfig = { input: 10, cached_input: 1, cache_write: 12, output: 40, reasoning: 60 };

test("a cost counts input and output by their prices per million tokens", () => {
	assert.is(costOf({ input: 10, output: 40 }, { input_tokens: M, output_tokens: M / 2 }, undefined), 30);
});

test("a cost counts cache reads, cache writes and reasoning by their own prices", () => {
	const usage = {
		input_tokens: 10 * M,
		cached_input_tokens: 4 * M,
		cache_write_tokens: 1 * M,
		output_tokens: 3 * M,
		reasoning_tokens: 2 * M,
	};
	assert.is(costOf(PRICE, usage, undefined), 5 * 10 + 4 * 1 + 1 * 12 + 1 * 40 + 2 * 60);
});

test("a cost counts no negative input when more cached tokens than input tokens were reported", () => {
	assert.is(
		costOf({ input: 10, cached_input: 1, output: 40 }, { input_tokens: M, cached_input_tokens: 2 * M, output_tokens: 0 }, undefined),
		2,
	);
});

test("a cost counts cache and reasoning tokens as input and output when they have no prices", () => {
	const usage = { input_tokens: 10 * M, cached_input_tokens: 4 * M, output_tokens: 3 * M, reasoning_tokens: 2 * M };
	assert.is(costOf({ input: 10, output: 40 }, usage, undefined), 100 + 120);
});

test("a cost is unknown without a price", () => {
	assert.is(costOf(undefined, { input_tokens: 1, output_tokens: 1 }, undefined), undefined);
});

test("a cost is unknown when a priced amount was not reported", () => {
	assert.is(costOf(PRICE, undefined, undefined), undefined);
	assert.is(costOf(PRICE, { output_tokens: 5 }, undefined), undefined);
	assert.is(costOf(PRICE, { input_tokens: 5 }, undefined), undefined);
});

test("a cost is unknown when a reported amount has no price", () => {
	assert.is(costOf({ output: 40 }, { input_tokens: 5, output_tokens: 5 }, undefined), undefined);
	assert.is(costOf({ input: 10 }, { input_tokens: 5, output_tokens: 5 }, undefined), undefined);
	assert.is(costOf({ input: 10 }, { input_tokens: M, output_tokens: 0 }, undefined), 10);
});

test("a cost counts the input alone when there is no output, as for embeddings", () => {
	assert.is(costOf({ input: 10 }, { input_tokens: M }, undefined), 10);
});

test("a cost is 0 when the prices are 0", () => {
	assert.is(costOf({ input: 0, output: 0 }, { input_tokens: M, output_tokens: M }, undefined), 0);
});

test("a cost counts requests, images, characters and minutes by the request's size", () => {
	assert.is(costOf({ request: 0.5 }, undefined, undefined), 0.5);
	assert.is(costOf({ image: 0.04 }, undefined, { images: 3 }), 0.12);
	assert.is(costOf({ characters: 15 }, undefined, { characters: 2 * M }), 30);
	assert.is(costOf({ audio_minute: 0.6 }, undefined, { audio_seconds: 90 }), (90 * 0.6) / 60);
	for (const price of [{ image: 1 }, { characters: 1 }, { audio_minute: 1 }]) assert.is(costOf(price, undefined, {}), undefined);
});

test("an estimated cost counts unknown amounts as 0", () => {
	assert.is(estimatedCost({ input: 10, output: 40, request: 1 }, { input_tokens: M / 2 }, M / 4), 5 + 10 + 1);
	assert.is(estimatedCost({ image: 2 }, undefined, 0), 0);
});

test("the tokens of a usage are its total, or the sum of both kinds", () => {
	assert.is(tokensOf({ total_tokens: 9, input_tokens: 1 }), 9);
	assert.is(tokensOf({ input_tokens: 3, output_tokens: 4 }), 7);
	assert.is(tokensOf({ total_tokens: 0, input_tokens: 3, output_tokens: 4 }), 7);
	assert.is(tokensOf({ output_tokens: 4 }), 4);
	assert.is(tokensOf({}), undefined);
	assert.is(tokensOf(undefined), undefined);
});

test("the reported usage of an answer is absent when it reports none", () => {
	assert.equal(reportedUsage({ usage: { input_tokens: 1 } }), { input_tokens: 1 });
	assert.is(reportedUsage({}), undefined);
	assert.is(reportedUsage({ usage: null }), undefined);
});

test.run();
