import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
	formatAgo,
	formatBytes,
	formatCost,
	formatCount,
	formatMs,
	formatPercent,
	formatShort,
} from "../../../../src/serve/page/app/logic/format.ts";

const test = suite("formats of the page");

test("durations have the unit in which they are read", () => {
	assert.equal([0, 3.25, 240, 1_240, 59_960, 125_000, 3_600_000, 7_260_000, 90_000_000, undefined].map(formatMs), [
		"0 ms",
		"3.3 ms",
		"240 ms",
		"1.24 s",
		"60.0 s",
		"2 min 5 s",
		"1 h",
		"2 h 1 min",
		"1 d 1 h",
		"–",
	]);
});

test("counts are grouped, and large ones shortened where space is short", () => {
	assert.equal([0, 9_999, 1_234_567, undefined].map(formatCount), ["0", "9,999", "1,234,567", "–"]);
	assert.equal([9_999, 12_345, 2_300_000].map(formatShort), ["9,999", "12.3K", "2.3M"]);
});

test("small costs keep their digits", () => {
	assert.equal([0, 0.0000123, 0.0012, 0.05, 4.4, 1_234.567].map(formatCost), ["0", "0.0000123", "0.0012", "0.05", "4.4", "1,234.57"]);
});

test("a share that is not 0 is not shown as 0", () => {
	assert.equal([0, 0.0001, 0.0123, 0.5, undefined].map(formatPercent), ["0 %", "< 0.1 %", "1.2 %", "50 %", "–"]);
});

test("ages and sizes have one unit", () => {
	assert.equal([-50, 300, 12_400, 185_000, 7_300_000, 200_000_000].map(formatAgo), [
		"now",
		"now",
		"12 s ago",
		"3 min ago",
		"2 h ago",
		"2 d ago",
	]);
	assert.equal([12, 2_048, 120_000_000].map(formatBytes), ["12 B", "2.0 KiB", "114 MiB"]);
});

test.run();
