import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { addHistograms, quantileOf, recentRate, sum, sumColumns, summarize } from "../../../../src/serve/page/app/logic/columns.ts";

const test = suite("columns of traffic");

test("grouped columns end with the last one, and lose nothing", () => {
	assert.equal(sumColumns([1, 2, 3, 4, 5], 2), [1, 5, 9]);
	fc.assert(
		fc.property(fc.array(fc.nat(1_000), { maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (values, size) => {
			const groups = sumColumns(values, size);
			return sum(groups) === sum(values) && groups.length === Math.ceil(values.length / size);
		}),
	);
});

test("a quantile is the bound of the bucket that holds it", () => {
	const bounds = [10, 100, 1_000];
	assert.is(quantileOf([5, 4, 1, 0], bounds, 0.5), 10);
	assert.is(quantileOf([5, 4, 1, 0], bounds, 0.9), 100);
	assert.is(quantileOf([5, 4, 1, 0], bounds, 0.99), 1_000);
	assert.is(quantileOf([0, 0, 0, 3], bounds, 0.5), 1_000);
	assert.is(quantileOf([], bounds, 0.5), undefined);
});

test("columns without samples do not shorten a histogram", () => {
	assert.equal(addHistograms([[], [1, 0, 2], [], [0, 3, 1]]), [1, 3, 3]);
});

test("a series is summed for its row", () => {
	const series = {
		name: "shop",
		is_rest: false,
		requests: [1, 2, 3, 4],
		errors: [0, 1, 0, 0],
		input_tokens: [10, 0, 0, 5],
		output_tokens: [1, 1, 1, 1],
		cost: [0.5, 0.25, 0, 0],
		latency: [[1, 0], [], [0, 2], [1, 0]],
	};
	assert.equal(summarize(series, { latency_bounds_ms: [50] }, 2), {
		name: "shop",
		isRest: false,
		requests: 10,
		errors: 1,
		inputTokens: 15,
		outputTokens: 4,
		cost: 0.75,
		p50Ms: 50,
		p99Ms: 50,
		requestColumns: [3, 7],
		errorColumns: [1, 0],
	});
});

test("a rate leaves out the column that is not over", () => {
	assert.is(recentRate([9, 2, 4, 100], 1_000, 2), 3);
	assert.is(recentRate([60, 100], 60_000, 10), 1);
	assert.is(recentRate([], 1_000, 10), 0);
});

test.run();
