import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PriceConfig } from "../../../generated/ir/config.ts";
import { costOf, estimatedCost } from "../../../src/router/limits/cost.ts";
import { reportedUsage, tokensOf } from "../../../src/router/limits/usage.ts";

const M = 1_000_000;
const PRICE: PriceConfig = { input: 10, cached_input: 1, cache_write: 12, output: 40, reasoning: 60 };

test("input and output each have their price a million tokens", () => {
	assert.is(costOf({ input: 10, output: 40 }, { input_tokens: M, output_tokens: M / 2 }, undefined), 30);
});

test("tokens from a cache, written to one, and of reasoning are priced apart from the rest", () => {
	const usage = {
		input_tokens: 10 * M,
		cached_input_tokens: 4 * M,
		cache_write_tokens: 1 * M,
		output_tokens: 3 * M,
		reasoning_tokens: 2 * M,
	};
	assert.is(costOf(PRICE, usage, undefined), 5 * 10 + 4 * 1 + 1 * 12 + 1 * 40 + 2 * 60);
});

test("where these have no price of their own they cost what their kind costs", () => {
	const usage = { input_tokens: 10 * M, cached_input_tokens: 4 * M, output_tokens: 3 * M, reasoning_tokens: 2 * M };
	assert.is(costOf({ input: 10, output: 40 }, usage, undefined), 100 + 120);
});

test("without a price the cost is unknown, not 0", () => {
	assert.is(costOf(undefined, { input_tokens: 1, output_tokens: 1 }, undefined), undefined);
});

test("what is priced and was not reported makes the cost unknown", () => {
	assert.is(costOf(PRICE, undefined, undefined), undefined);
	assert.is(costOf(PRICE, { output_tokens: 5 }, undefined), undefined);
	assert.is(costOf(PRICE, { input_tokens: 5 }, undefined), undefined);
});

test("what was consumed and has no price makes the cost unknown", () => {
	assert.is(costOf({ output: 40 }, { input_tokens: 5, output_tokens: 5 }, undefined), undefined);
	assert.is(costOf({ input: 10 }, { input_tokens: 5, output_tokens: 5 }, undefined), undefined);
	assert.is(costOf({ input: 10 }, { input_tokens: M, output_tokens: 0 }, undefined), 10);
});

test("an answer without output, as of vectors, costs its input", () => {
	assert.is(costOf({ input: 10 }, { input_tokens: M }, undefined), 10);
});

test("a price of 0 is known", () => {
	assert.is(costOf({ input: 0, output: 0 }, { input_tokens: M, output_tokens: M }, undefined), 0);
});

test("requests, images, characters and minutes are priced by what the request itself measures", () => {
	assert.is(costOf({ request: 0.5 }, undefined, undefined), 0.5);
	assert.is(costOf({ image: 0.04 }, undefined, { images: 3 }), 0.12);
	assert.is(costOf({ characters: 15 }, undefined, { characters: 2 * M }), 30);
	assert.is(costOf({ audio_minute: 0.6 }, undefined, { audio_seconds: 90 }), (90 * 0.6) / 60);
	for (const price of [{ image: 1 }, { characters: 1 }, { audio_minute: 1 }]) assert.is(costOf(price, undefined, {}), undefined);
});

test("an estimate counts what is known beforehand, and the rest as nothing", () => {
	assert.is(estimatedCost({ input: 10, output: 40, request: 1 }, { input_tokens: M / 2 }, M / 4), 5 + 10 + 1);
	assert.is(estimatedCost({ image: 2 }, undefined, 0), 0);
});

test("tokens are the sum as reported, or that of both kinds; unknown when nothing is reported", () => {
	assert.equal(
		[{ total_tokens: 9, input_tokens: 1 }, { input_tokens: 3, output_tokens: 4 }, { output_tokens: 4 }, {}, undefined].map(tokensOf),
		[9, 7, 4, undefined, undefined],
	);
});

test("the usage of an answer is what it reports, if it does", () => {
	assert.equal(
		[reportedUsage({ usage: { input_tokens: 1 } }), reportedUsage({}), reportedUsage({ usage: null })],
		[{ input_tokens: 1 }, undefined, undefined],
	);
});

test.run();
