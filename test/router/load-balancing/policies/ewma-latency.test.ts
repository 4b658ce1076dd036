import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import { EwmaLatency } from "../../../../src/router/load-balancing/policies/ewma-latency.ts";
import { type Random, seededRandom } from "../../../../src/time/random.ts";
import { contextOf, load, many, picks, tally, weighing } from "./picking.ts";

const KEY = "chat_completions/unary";

function pickerOf(instances: readonly Instance[], random: Random = seededRandom(5)): EwmaLatency {
	const picker = new EwmaLatency(random, KEY);
	picker.update(instances);
	return picker;
}

/** Instances with these latencies, in milliseconds. */
function answering(...latencies: readonly number[]): Instance[] {
	const instances = weighing(...latencies.map(() => 1));
	for (const [index, ms] of latencies.entries()) instances[index]?.stats.latency(KEY).ewma.observe(ms, 0);
	return instances;
}

test("ewma latency picks the instance with the lowest latency of up to 8", () => {
	assert.equal(tally(picks(pickerOf(answering(80, 20, 50)), 20)), new Map([["b", 20]]));
});

test("ewma latency multiplies the latency by the requests in flight", () => {
	const instances = answering(80, 20);
	load(instances[1], 4);
	const context = contextOf();
	assert.equal(
		picks(
			pickerOf(instances, () => 0),
			1,
			context,
		),
		["a"],
	);
	assert.equal(context.compared, [
		{ backend: "a", score: 80 },
		{ backend: "b", score: 100 },
	]);
});

test("ewma latency ignores latencies of another transport", () => {
	const instances = answering(80, 20);
	instances[0]?.stats.latency("chat_completions/server_stream").ewma.observe(1, 0);
	assert.equal(picks(pickerOf(instances), 1), ["b"]);
});

test("ewma latency sends an unmeasured instance one request and no second one before its answer", () => {
	const instances = [...answering(20, 30), ...weighing(1, 1, 1).slice(2)];
	const picker = pickerOf(instances);
	assert.equal(picks(picker, 1), ["c"]);
	load(instances[2], 1);
	assert.equal(picks(picker, 1), ["a"]);
});

test("ewma latency sends each instance one request when none was measured", () => {
	const instances = weighing(1, 1, 1, 1);
	const picker = pickerOf(instances);
	const names = Array.from({ length: 4 }, () => {
		const picked = picker.pick(contextOf());
		load(picked, 1);
		return picked?.name;
	});
	assert.equal(names.sort(), ["a", "b", "c", "d"]);
});

test("ewma latency tries a slow instance again when its samples are old", () => {
	const instances = answering(2_000, 20);
	const picker = pickerOf(instances);
	assert.equal(picks(picker, 1, contextOf({ now: 10_000 })), ["b"]);
	for (let now = 1_000; now <= 60_000; now += 1_000) instances[1]?.stats.latency(KEY).ewma.observe(20, now);
	assert.equal(picks(picker, 1, contextOf({ now: 60_000 })), ["a"]);
});

test("ewma latency picks the better of two random instances when there are more than 8", () => {
	const instances = many(100);
	for (const [index, instance] of instances.entries()) instance.stats.latency(KEY).ewma.observe(index + 1, 0);
	const draws = [0.7, 0.3];
	assert.equal(
		picks(
			pickerOf(instances, () => draws.shift() ?? 0),
			1,
		),
		["i30"],
	);
});

test("ewma latency sends the slow half of many instances a quarter of the requests", () => {
	const instances = many(50);
	for (const [index, instance] of instances.entries()) instance.stats.latency(KEY).ewma.observe(index < 25 ? 10 : 500, 0);
	const slow = picks(pickerOf(instances), 4_000).filter((name) => Number(name.slice(1)) >= 25).length;
	assert.ok(Math.abs(slow / 4_000 - 0.25) < 0.03, `${slow} of 4000`);
});

test.run();
