import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuBudget } from "../../../src/abi/metering/cpu-budget.ts";
import { watchCpu } from "../../../src/host/worker/cpu-watch.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** Watches a thread that computes until it is told to pause, or for ever. */
function watched(limitMs: number, obeys: boolean) {
	const clock = new FakeClock();
	const budget = new CpuBudget(limitMs);
	const pauses: number[] = [];
	let ignored = 0;
	let resumesAt = 0;
	let active = 5_000;
	const thread = {
		get activeMs() {
			return active;
		},
	};
	const stop = watchCpu(thread, {
		budget,
		clock,
		pause(ms) {
			pauses.push(ms);
			resumesAt = clock.now() + ms;
		},
		onIgnored: () => (ignored += 1),
	});
	const run = (ms: number): void => {
		for (let passed = 0; passed < ms; passed += 100) {
			if (!obeys || clock.now() >= resumesAt) active += 100;
			clock.pass(100);
		}
	};
	return { clock, budget, pauses, stop, run, ignored: () => ignored, active: () => active };
}

test("the CPU time of a thread is that since the start of the watch, and a thread beyond its budget pauses until the minute is over", () => {
	const { budget, clock, pauses, run, stop, ignored, active } = watched(300, true);
	run(10_000);
	assert.is(active(), 5_300);
	assert.is(budget.usedMs(clock.now()), 300);
	assert.equal(pauses, [59_700]);
	run(60_000);
	assert.is(active(), 5_600);
	stop();
	assert.is(clock.pending, 0);
	assert.is(ignored(), 0);
});

test("a thread that computes on when it must pause is ended, once", () => {
	const { clock, run, ignored } = watched(300, false);
	run(1_300);
	assert.is(ignored(), 0);
	run(10_000);
	assert.is(ignored(), 1);
	assert.is(clock.pending, 0);
});

test("a thread whose guest has used its CPU time elsewhere pauses before it runs", () => {
	const clock = new FakeClock();
	const budget = new CpuBudget(100);
	budget.spend(100, clock.now());
	const pauses: number[] = [];
	const stop = watchCpu({ activeMs: 0 }, { budget, clock, pause: (ms) => pauses.push(ms), onIgnored: () => assert.unreachable() });
	assert.equal(pauses, [60_000]);
	stop();
});

test.run();
