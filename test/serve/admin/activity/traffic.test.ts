import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LATENCY_BOUNDS_MS, latencyBucket } from "../../../../src/serve/admin/activity/latency-bounds.ts";
import { Traffic } from "../../../../src/serve/admin/activity/traffic.ts";
import { TrafficColumns } from "../../../../src/serve/admin/activity/traffic-columns.ts";
import { concluded } from "./concluded.ts";

const sample = (more: object = {}) => ({ isError: false, inputTokens: 0, outputTokens: 0, cost: 0, latencyMs: undefined, ...more });

test("columns hold the same sums as a list of the samples", () => {
	const event = fc.record({
		step: fc.nat({ max: 4_000 }),
		isError: fc.boolean(),
		latencyMs: fc.option(fc.nat({ max: 90_000 }), { nil: undefined }),
	});
	fc.assert(
		fc.property(fc.array(event, { maxLength: 60 }), fc.nat({ max: 3_000 }), (events, later) => {
			const columns = new TrafficColumns(1_000, 10);
			let now = 1_000_000;
			const seen: { column: number; isError: boolean; latencyMs: number | undefined }[] = [];
			for (const { step, ...more } of events) {
				now += step;
				columns.add(sample(more), now);
				seen.push({ column: Math.floor(now / 1_000), ...more });
			}
			now += later;
			const last = Math.floor(now / 1_000);
			const { requests, errors, latency } = columns.values(now, 10, true);
			for (let index = 0; index < 10; index++) {
				const of = seen.filter(({ column }) => column === last - 9 + index);
				assert.is(requests[index], of.length);
				assert.is(errors[index], of.filter(({ isError }) => isError).length);
				const measured = of.flatMap(({ latencyMs }) => latencyMs ?? []);
				const histogram = latency[index] ?? [];
				assert.is(
					histogram.reduce((sum, count) => sum + count, 0),
					measured.length,
				);
				for (const ms of measured) assert.ok((histogram[latencyBucket(ms)] ?? 0) > 0);
			}
		}),
	);
});

test("a clock that is set back counts in the newest column", () => {
	const columns = new TrafficColumns(1_000, 5);
	columns.add(sample(), 10_000);
	columns.add(sample(), 2_000);
	assert.equal(columns.values(10_500, 3, false).requests, [0, 0, 2]);
});

test("a latency is in the first bucket whose bound it does not exceed", () => {
	assert.equal([0, 1, 1.5, 60_000, 60_001].map(latencyBucket), [0, 0, 1, LATENCY_BOUNDS_MS.length - 1, LATENCY_BOUNDS_MS.length]);
});

test("further guests are counted together, until one of the first is idle for an hour", () => {
	const traffic = new Traffic();
	const query = { resolution: "1m", by: "guest", columns: 360, latency: false } as const;
	const at = (guest: string, endedAtMs: number): void => {
		const { observed, decision } = concluded({ guest, endedAtMs });
		traffic.record(observed, decision);
	};
	const start = 1_000_000_000_000;
	for (let i = 0; i < 40; i++) at(`g${i}`, start);
	const { series } = traffic.answer(query, start);
	assert.is(series.length, 33);
	assert.equal([series.at(-1)?.is_rest, series.at(-1)?.requests.at(-1)], [true, 8]);
	at("late", start + 3_600_001);
	const names = traffic.answer(query, start + 3_600_001).series.map(({ name, is_rest }) => (is_rest ? "(rest)" : name));
	assert.equal(names, ["late", "(rest)"]);
});

test("tokens and cost count for the chosen attempt, and each attempt for its backend", () => {
	const traffic = new Traffic();
	const { observed, decision } = concluded({
		endedAtMs: 60_000,
		attempts: ["a", "b"],
		usage: { input_tokens: 3, output_tokens: 4 },
		cost: 0.5,
	});
	traffic.record(observed, decision);
	const { series } = traffic.answer({ resolution: "1s", by: "backend", columns: 1, latency: true }, 60_000);
	assert.equal(
		series.map(({ name, requests, errors, input_tokens, output_tokens, cost }) => [
			name,
			requests,
			errors,
			input_tokens,
			output_tokens,
			cost,
		]),
		[
			["a", [1], [1], [0], [0], [0]],
			["b", [1], [0], [3], [4], [0.5]],
		],
	);
});

test.run();
