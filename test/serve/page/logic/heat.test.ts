import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HEAT_LEVELS, heatMap } from "../../../../src/serve/page/app/logic/heat.ts";

const test = suite("heat map");
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** A histogram with these counts, by the index of the bucket. */
function histogram(counts: Readonly<Record<number, number>>): number[] {
	return Array.from({ length: BOUNDS.length + 1 }, (_, bucket) => counts[bucket] ?? 0);
}

test("columns are grouped from the right, and each bucket has a row", () => {
	const map = heatMap([histogram({ 3: 1 }), [], histogram({ 3: 2, 6: 1 })], BOUNDS, 2);
	assert.is(map.columns, 2);
	assert.is(map.samples, 4);
	assert.is(map.most, 2);
	const shown = map.cells.map(({ column, row, count }) => [column, map.rowBounds[row], count]);
	assert.equal(shown, [
		[0, 10, 1],
		[1, 10, 2],
		[1, 100, 1],
	]);
	assert.equal(map.summaries, [
		{ column: 0, samples: 1, p50Ms: 10, p90Ms: 10, p99Ms: 10 },
		{ column: 1, samples: 3, p50Ms: 10, p90Ms: 100, p99Ms: 100 },
	]);
});

test("latencies beyond the last bound have a row without an end", () => {
	const map = heatMap([histogram({ 10: 1 })], BOUNDS, 1);
	assert.is(map.rowBounds[map.cells[0]?.row ?? -1], Number.POSITIVE_INFINITY);
});

test("a map without samples has rows and no cells", () => {
	const map = heatMap([[], []], BOUNDS, 1);
	assert.equal([map.cells, map.samples, map.rowBounds.length], [[], 0, 8]);
});

test("every sample is in one cell, of at most sixteen rows, whatever the buckets are", () => {
	const bounds = Array.from({ length: 80 }, (_, at) => 1.2 ** at);
	const histograms = fc.array(fc.array(fc.nat(50), { maxLength: 81 }), { maxLength: 40 });
	fc.assert(
		fc.property(histograms, fc.integer({ min: 1, max: 9 }), (latency, size) => {
			const { cells, rowBounds, samples, columns } = heatMap(latency, bounds, size);
			const inside = cells.every(
				({ row, column, level }) =>
					row >= 0 && row < rowBounds.length && column >= 0 && column < columns && level >= 1 && level <= HEAT_LEVELS,
			);
			const total = latency.flat().reduce((all, count) => all + count, 0);
			return inside && rowBounds.length <= 16 && samples === total && cells.reduce((all, { count }) => all + count, 0) === total;
		}),
	);
});

test.run();
