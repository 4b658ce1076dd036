import { test } from "uvu";
import * as assert from "uvu/assert";
import { startDemand } from "../../../../scripts/simulation/cluster/demand.ts";
import { Series } from "../../../../scripts/simulation/cluster/series.ts";
import { VirtualClock } from "../../../../scripts/simulation/virtual-clock.ts";
import { seededRandom } from "../../../../src/time/random.ts";

test("requests arrive at the rates of the phases, and at hosts by their weights", async () => {
	const time = new VirtualClock();
	const byHost = [0, 0, 0];
	const series = new Series(20_000);
	startDemand({
		time,
		random: seededRandom(1),
		hosts: 3,
		phases: [
			{ from: 0, to: 10_000, perSecond: 1_000, weight: (host) => [1, 0, 3][host] ?? 0 },
			{ from: 12_000, to: 14_000, perSecond: 500 },
		],
		arrive: (host) => {
			byHost[host] = (byHost[host] ?? 0) + 1;
			series.add(time.now());
		},
	});
	await time.run();
	assert.equal([series.between(10_100, 12_000), series.between(14_100, 20_000)], [0, 0]);
	const near = (value: number, expected: number): void => assert.ok(Math.abs(value - expected) < 4 * Math.sqrt(expected), `${value}`);
	near(series.between(0, 10_000), 10_000);
	near(series.between(12_000, 14_100), 1_000);
	near(byHost[0] ?? 0, 2_500 + 333);
	near(byHost[1] ?? 0, 333);
});

test("a series sums by windows that begin at each step", () => {
	const series = new Series(1_000);
	for (const at of [0, 99, 100, 350, 999, 1_000]) series.add(at);
	assert.equal(series.windows(0, 500, 200), [3, 1, 1, 1]);
	assert.is(series.rate(0, 500), 8);
	assert.equal(series.line("granted", 500), {
		name: "granted",
		points: [
			[0.25, 8],
			[0.75, 2],
		],
	});
});

test.run();
