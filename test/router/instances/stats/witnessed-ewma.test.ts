import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PeakEwma } from "../../../../src/router/instances/stats/peak-ewma.ts";
import { WitnessedEwma } from "../../../../src/router/instances/stats/witnessed-ewma.ts";

test("an average of one guest's samples is a peak average for that guest", () =>
	fc.assert(
		fc.property(fc.array(fc.record({ wait: fc.nat(5_000), ms: fc.nat(100_000) }), { minLength: 1 }), (samples) => {
			const [plain, witnessed] = [new PeakEwma(), new WitnessedEwma()];
			let now = 0;
			for (const { wait, ms } of samples) {
				now += wait;
				plain.observe(ms, now);
				witnessed.observe(ms, now, "a");
				assert.is(witnessed.at(now, "a"), plain.at(now));
			}
		}),
	));

test("one guest raises the average of the others to 1,000 ms at most", () => {
	const ewma = new WitnessedEwma();
	ewma.observe(300, 0, "victim");
	for (let i = 0; i < 100; i++) ewma.observe(60_000, i, "hostile");
	assert.equal({ victim: ewma.at(99, "victim"), hostile: ewma.at(99, "hostile") }, { victim: 1_000, hostile: 60_000 });
});

test("a guest neither raises nor holds an average above 1,000 ms", () => {
	const ewma = new WitnessedEwma();
	for (const guest of ["a", "b", "a"]) ewma.observe(5_000, 0, guest);
	for (let now = 0; now <= 10_000; now += 100) ewma.observe(60_000, now, "hostile");
	assert.is(Math.round(ewma.at(10_000, "a")), Math.round(5_000 / Math.E));
});

test("a latency that two guests see is the average of all", () => {
	const ewma = new WitnessedEwma();
	ewma.observe(8_000, 0, "a");
	ewma.observe(6_000, 0, "b");
	assert.is(ewma.at(0, "c"), 6_000);
});

test.run();
