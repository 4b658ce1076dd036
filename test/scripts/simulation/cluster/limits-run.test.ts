import { test } from "uvu";
import * as assert from "uvu/assert";
import {
	callsPerHost,
	excessSeconds,
	grantedOfLimit,
	immediate,
	mostInASecond,
	secondsUntilExact,
} from "../../../../scripts/simulation/cluster/limits-measures.ts";
import { type LimitsSimulation, simulateLimits } from "../../../../scripts/simulation/cluster/limits-run.ts";

const FOR_MS = 8_000;

/** Ten hosts, whose clients ask for twice the limit. */
const TEN: LimitsSimulation = { seed: 1, hosts: 10, forMs: FOR_MS, perSecond: 200, demand: [{ from: 0, to: FOR_MS, perSecond: 400 }] };

test("hosts beyond a limit grant the limit, decide most requests without a call, and ask the store in turns", async () => {
	const run = await simulateLimits(TEN);
	assert.ok(Math.abs(grantedOfLimit(run, 3_000, FOR_MS) - 1) < 0.02);
	assert.ok(mostInASecond(run, 3_000, FOR_MS) < 1.1);
	assert.ok(immediate(run, 3_000, FOR_MS) > 0.8);
	assert.ok(callsPerHost(run, 3_000, FOR_MS) < 20);
});

test("equal options give equal runs, and another seed another one", async () => {
	const [one, again, other] = [await simulateLimits(TEN), await simulateLimits(TEN), await simulateLimits({ ...TEN, seed: 2 })];
	const numbersOf = (run: typeof one) => [run.grantedOf, run.waitsMs, run.calls.line("calls", 500)];
	assert.equal(numbersOf(again), numbersOf(one));
	assert.not.equal(other.grantedOf, one.grantedOf);
});

test("a lost store leaves hosts to their policy, and is counted when it returns", async () => {
	const lost = { ...TEN, faults: [{ from: 3_000, to: 5_000, fault: { type: "gone" } }] } as const;
	const grants = async (policy: "local_share" | "allow" | "refuse") => {
		const run = await simulateLimits({ ...lost, policy });
		assert.ok(secondsUntilExact(run, 5_500) < 2.5, policy);
		return excessSeconds(run, 3_500, 5_000);
	};
	assert.ok(Math.abs(await grants("local_share")) < 0.15);
	assert.ok((await grants("allow")) > 1.3);
	assert.is(await grants("refuse"), -1.5);
});

test("clients of a host that is away use the next one, and a host comes back under a new name", async () => {
	const restarts = (["closed", "killed", "paused"] as const).map((how, host) => ({ host, from: 3_000, to: 5_000, how }));
	const run = await simulateLimits({ ...TEN, restarts });
	assert.ok(Math.abs(grantedOfLimit(run, 3_000, FOR_MS) - 1) < 0.03);
	assert.is(
		run.asked.between(0, FOR_MS),
		run.askedOf.reduce((sum, asked) => sum + asked, 0),
	);
});

test.run();
