import { test } from "uvu";
import * as assert from "uvu/assert";
import { answered, secondsToShare } from "../../../../scripts/simulation/cluster/hints-measures.ts";
import { type HintsSimulation, simulateHints } from "../../../../scripts/simulation/cluster/hints-run.ts";
import { members } from "../../../../scripts/simulation/members.ts";

const DEAD = { from: 2_000, to: 5_000, condition: { type: "dead" } } as const;

/** Ten hosts with four backends, of which one dies. */
const TEN: HintsSimulation = {
	seed: 1,
	hosts: 10,
	forMs: 12_000,
	perSecond: 60,
	backends: members(4, (number) => (number === 1 ? { phases: [DEAD] } : {})),
};

test("hosts learn of a dead backend from each other, and use it again when it serves", async () => {
	const together = await simulateHints(TEN);
	const alone = await simulateHints({ ...TEN, exchanges: false });
	const failed = ({ failures }: typeof alone): number => failures.get("m1")?.between(0, TEN.forMs) ?? 0;
	assert.is(answered(together, 0, TEN.forMs), 1);
	assert.ok(failed(together) > 0 && failed(together) < failed(alone) / 2, `${failed(together)} and ${failed(alone)} alone`);
	assert.ok(secondsToShare(together, "m1", 0.001, DEAD.to) < 6);
	assert.is(alone.delivered.between(0, TEN.forMs), 0);
	assert.is(together.delivered.between(0, TEN.forMs), 10 * together.published.between(0, TEN.forMs));
});

test("hints that a host cannot send are lost, and its requests go on", async () => {
	const cut = await simulateHints({ ...TEN, faults: [{ from: 1_000, to: TEN.forMs, fault: { type: "gone" } }] });
	assert.is(cut.delivered.between(0, TEN.forMs), 0);
	assert.is(answered(cut, 0, TEN.forMs), 1);
});

test("equal options give equal runs", async () => {
	const [one, again] = [await simulateHints(TEN), await simulateHints(TEN)];
	const linesOf = (run: typeof one) => [...run.attempts].map(([name, series]) => series.line(name, 500));
	assert.equal(linesOf(again), linesOf(one));
});

test.run();
