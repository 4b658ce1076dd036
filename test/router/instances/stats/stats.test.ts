import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LatencyHistogram } from "../../../../src/router/instances/stats/latency-histogram.ts";
import { PeakEwma } from "../../../../src/router/instances/stats/peak-ewma.ts";
import { RollingCounts } from "../../../../src/router/instances/stats/rolling-counts.ts";

test("an average is unknown and 0 without samples", () => {
	const ewma = new PeakEwma();
	assert.equal({ known: ewma.known, atAt5: ewma.at(5) }, { known: false, atAt5: 0 });
});

test("an average takes a higher sample at once and a lower one by the elapsed time", () => {
	const ewma = new PeakEwma();
	ewma.observe(100, 0);
	ewma.observe(500, 1);
	assert.is(ewma.at(1), 500);
	ewma.observe(100, 1);
	assert.is(ewma.at(1), 500);
	ewma.observe(100, 10_001);
	assert.is(Math.round(ewma.at(10_001)), Math.round(100 + 400 / Math.E));
});

test("an average decays without samples", () => {
	const ewma = new PeakEwma();
	ewma.observe(100, 0);
	assert.is(Math.round(ewma.at(10_000)), Math.round(100 / Math.E));
});

test("an average stays between the lowest and the highest sample, for any samples", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.integer({ min: 1, max: 60_000 })), { minLength: 1 }), (samples) => {
			const ewma = new PeakEwma();
			let now = 0;
			for (const [wait, ms] of samples) {
				now += wait;
				ewma.observe(ms, now);
			}
			const all = samples.map(([, ms]) => ms);
			assert.ok(ewma.at(now) >= Math.min(...all) - 1e-6 && ewma.at(now) <= Math.max(...all) + 1e-6);
		}),
	);
});

test("rolling counts cover the current and the previous interval", () => {
	const counts = new RollingCounts(100);
	counts.recordSuccess(7, 0);
	counts.recordFailure(50);
	assert.equal(counts.recent(99), { succeeded: 1, failed: 1, latencySumMs: 7 });
	counts.recordSuccess(5, 120);
	assert.equal(counts.recent(150), { succeeded: 2, failed: 1, latencySumMs: 12 });
	assert.equal(counts.recent(230), { succeeded: 1, failed: 0, latencySumMs: 5 });
	assert.equal(counts.recent(1_000), { succeeded: 0, failed: 0, latencySumMs: 0 });
});

test("rolling counts are 0 after clear", () => {
	const counts = new RollingCounts(100);
	counts.recordFailure(0);
	counts.clear();
	assert.equal(counts.recent(0), { succeeded: 0, failed: 0, latencySumMs: 0 });
});

test("a histogram has no quantile without samples", () => {
	assert.is(new LatencyHistogram().quantile(0.5), undefined);
});

test("a quantile is too high by less than 10%", () => {
	const histogram = new LatencyHistogram();
	for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms);
	for (const part of [0.1, 0.5, 0.9, 0.95, 0.99]) {
		const found = histogram.quantile(part) ?? 0;
		assert.ok(found >= part * 1_000 && found <= part * 1_000 * 1.1, `${part}: ${found}`);
	}
});

test("a histogram weighs recent samples more than old ones", () => {
	const histogram = new LatencyHistogram();
	for (let i = 0; i < 5_000; i++) histogram.add(10);
	for (let i = 0; i < 5_000; i++) histogram.add(1_000);
	assert.ok((histogram.quantile(0.5) ?? 0) > 900);
	assert.ok(histogram.count <= 2_000);
});

test("a histogram counts extreme latencies in its first and last bucket", () => {
	const histogram = new LatencyHistogram();
	histogram.add(0);
	assert.is(histogram.quantile(1), 1);
	histogram.add(1e12);
	assert.ok((histogram.quantile(1) ?? 0) > 3_600_000);
});

test.run();
