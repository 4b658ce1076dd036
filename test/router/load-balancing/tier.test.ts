import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { PickContext } from "../../../src/router/load-balancing/pick-context.ts";
import { RoundRobin } from "../../../src/router/load-balancing/policies/round-robin.ts";
import { Tier } from "../../../src/router/load-balancing/tier.ts";
import { fakeInstance } from "../../helpers/instances.ts";

/** Round robin that counts its updates. */
class CountingRoundRobin extends RoundRobin {
	updates = 0;

	override update(active: readonly Instance[]): void {
		this.updates += 1;
		super.update(active);
	}
}

/** A round robin tier of instances `a`, `b`, …, and a function that picks from it at a time. */
function tierOf(count: number) {
	const instances = Array.from({ length: count }, (_, index) => fakeInstance(String.fromCharCode(97 + index), { random: () => 0.5 }));
	const recoveryEpoch = { value: 0 };
	const picker = new CountingRoundRobin();
	const tier = new Tier(instances, "chat_completions", picker, recoveryEpoch);
	const pick = (now: number): string | undefined => {
		const context = new PickContext("chat_completions", "k", () => 0.99);
		context.begin(now, new Set());
		return tier.pick(context)?.name;
	};
	return { instances, recoveryEpoch, picker, pick };
}

/** Opens the breaker at 0 ms for 5,000 ms, and `more` times again at the end of the open period. */
function open({ stats }: Instance, more = 0): void {
	const { breaker } = stats.health("chat_completions");
	for (let i = 0; i < 5; i++) breaker.fail(false, 0);
	for (let i = 0; i < more; i++) breaker.fail(breaker.begin(0), breaker.openUntil);
}

test("a tier shortens the open periods of its members when one recovers from an outage of all", () => {
	const { instances, recoveryEpoch, pick } = tierOf(3);
	const [a, b, c] = instances;
	for (const instance of instances) open(instance, 2);
	assert.is(pick(10_000), undefined);
	a?.stats.health("chat_completions").breaker.succeed(a.stats.health("chat_completions").breaker.begin(0));
	recoveryEpoch.value += 1;
	assert.is(pick(20_000), "a");
	const until = { b: b?.stats.health("chat_completions").breaker.openUntil, c: c?.stats.health("chat_completions").breaker.openUntil };
	assert.equal(until, { b: 20_000 + 0.5 * 5_000, c: 20_000 + 0.5 * 5_000 });
});

test("a tier does not shorten open periods when another member was available all the time", () => {
	const { instances, recoveryEpoch, pick } = tierOf(3);
	const [a, b] = instances;
	for (const instance of [a, b]) if (instance !== undefined) open(instance, 2);
	assert.is(pick(10_000), "c");
	a?.stats.health("chat_completions").breaker.succeed(a.stats.health("chat_completions").breaker.begin(0));
	recoveryEpoch.value += 1;
	pick(20_000);
	assert.is(b?.stats.health("chat_completions").breaker.openUntil, 35_000);
});

test("a tier picks one trial of an unhealthy member in ten picks while others are available", () => {
	const { instances, pick } = tierOf(2);
	const [a] = instances;
	if (a !== undefined) open(a);
	const picks = Array.from({ length: 25 }, () => pick(6_000));
	const trials = picks.flatMap((name, index) => (name === "a" ? [index] : []));
	assert.equal(trials, [0, 10, 20]);
});

for (const { unavailable, updates } of [
	{ unavailable: 8, updates: 1 },
	{ unavailable: 9, updates: 2 },
]) {
	test(`a tier of 64 has updated its policy ${updates} times when a pick saw ${unavailable} unavailable members`, () => {
		const { instances, picker, pick } = tierOf(64);
		pick(100);
		// Opened after the first look: the policy still has these members.
		for (const instance of instances.slice(1, 1 + unavailable)) open(instance);
		pick(200);
		pick(300);
		assert.is(picker.updates, updates);
	});
}

test("a tier updates its policy when another tier has closed the breaker of a member early", () => {
	const { instances, recoveryEpoch, picker, pick } = tierOf(20);
	const [a] = instances;
	if (a === undefined) throw new Error("no instance");
	open(a);
	pick(100);
	a.stats.health("chat_completions").breaker.succeed(a.stats.health("chat_completions").breaker.begin(0));
	recoveryEpoch.value += 1;
	pick(200);
	assert.is(picker.updates, 2);
});

test("a tier of 400 looks at its members again after 2 ms at the earliest", () => {
	const { instances, recoveryEpoch, picker, pick } = tierOf(400);
	pick(100);
	for (const instance of instances.slice(0, 5)) open(instance);
	recoveryEpoch.value += 1;
	pick(101.9);
	assert.is(picker.updates, 1);
	pick(102);
	assert.is(picker.updates, 2);
});

test("a tier picks a recovering member when chance has skipped all of them", () => {
	const { instances, pick } = tierOf(2);
	for (const { stats } of instances) stats.startSlowly(100);
	assert.is(pick(100), "a");
});

for (const { due, picks } of [
	{ due: 4, picks: ["e"] },
	{ due: 0, picks: ["f", "a"] },
]) {
	test(`a tier tries member ${due} of 5 unhealthy ones after ${picks.length} picks, because each pick looks at 4`, () => {
		const { instances, pick } = tierOf(6);
		for (const [index, instance] of instances.slice(0, 5).entries()) open(instance, index === due ? 0 : 3);
		assert.equal(
			picks.map((_, index) => pick(6_000 + index)),
			picks,
		);
	});
}

test("a tier uses a member again when its key is set, within a second", () => {
	let key: string | undefined;
	const late = fakeInstance("late", { keys: { sources: [{ read: () => key }] } });
	const tier = new Tier([late], "chat_completions", new RoundRobin(), { value: 0 });
	const pick = (now: number): string | undefined => {
		const context = new PickContext("chat_completions", "k", () => 0.99);
		context.begin(now, new Set());
		return tier.pick(context)?.name;
	};
	assert.is(pick(0), undefined);
	key = "set";
	assert.equal({ early: pick(999), due: pick(1_000) }, { early: undefined, due: "late" });
});

test.run();
