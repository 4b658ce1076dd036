import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { type EndedRequest, type Outcome, recordOutcome } from "../../../src/router/resilience/health.ts";
import type { Passage } from "../../../src/router/resilience/operation-health.ts";
import { fakeInstance } from "../../helpers/instances.ts";

const STATS_KEY = "chat_completions/unary";

const witness = { guest: "", alone: true };

/** Records the outcome of a request without an output that took 5 ms, unless the options say otherwise. */
function record(instance: Instance, outcome: Outcome, more: Partial<EndedRequest> = {}) {
	const [key] = instance.keys.keys;
	if (key === undefined) throw new Error("no key");
	const operation = "chat_completions";
	const passage: Passage = { breaker: instance.stats.health(operation).breaker, trial: false, own: undefined, ownTrial: false };
	const ended = {
		instance,
		operation,
		key,
		keyValue: key.value,
		statsKey: STATS_KEY,
		passage,
		witness,
		hadOutput: false,
		latencyMs: 5,
		now: 100,
	} as const;
	return recordOutcome(outcome, { ...ended, ...more });
}

const averageOf = ({ stats }: Instance, now = 100): number => stats.latency(STATS_KEY).ewma.at(now);
const failed = (attribution: SpearError["attribution"]): Outcome => ({
	type: "failed",
	error: new SpearError("backend_error", "no", { attribution }),
});

test("a failure of the backend counts as a latency of 1,000 ms when it was faster", () => {
	const instance = fakeInstance("a");
	record(instance, failed("backend"));
	assert.is(averageOf(instance), 1_000);
});

test("a failure of the backend counts as its own latency when it was slower than 1,000 ms", () => {
	const instance = fakeInstance("a");
	record(instance, failed("backend"), { latencyMs: 2_500 });
	assert.is(averageOf(instance), 2_500);
});

test("a failure of the backend does not lower the average", () => {
	const instance = fakeInstance("a");
	instance.stats.latency(STATS_KEY).ewma.observe(60_000, 0);
	const before = averageOf(instance, 10_000);
	record(instance, failed("backend"), { now: 10_000 });
	assert.ok(averageOf(instance, 10_000) >= before);
});

test("an abandoned request counts the time without an output as latency", () => {
	const instance = fakeInstance("a");
	record(instance, { type: "abandoned" }, { latencyMs: 700 });
	assert.is(averageOf(instance), 700);
});

test("a request that its caller aborted counts the time without an output as latency", () => {
	const instance = fakeInstance("a");
	record(instance, failed("caller"), { latencyMs: 700 });
	assert.is(averageOf(instance), 700);
});

test("an abandoned request does not lower the average", () => {
	const instance = fakeInstance("a");
	instance.stats.latency(STATS_KEY).ewma.observe(800, 0);
	record(instance, { type: "abandoned" }, { latencyMs: 5 });
	assert.is(averageOf(instance, 0), 800);
});

test("an abandoned request counts no latency when it had an output", () => {
	const instance = fakeInstance("a");
	record(instance, { type: "abandoned" }, { latencyMs: 700, hadOutput: true });
	assert.is(instance.stats.latency(STATS_KEY).ewma.known, false);
});

for (const attribution of ["request", "host"] as const) {
	test(`a failure of the ${attribution} changes neither breaker nor latency`, () => {
		const instance = fakeInstance("a");
		const transition = record(instance, failed(attribution));
		const { failures } = instance.stats.health("chat_completions").breaker;
		assert.equal({ transition, failures, average: averageOf(instance) }, { transition: undefined, failures: 0, average: 0 });
	});
}

for (const outcome of [failed("credentials"), failed("capacity"), failed("caller"), failed("request"), { type: "abandoned" } as const]) {
	const what = outcome.type === "failed" ? `a failure of the ${outcome.error.attribution}` : "an abandoned request";
	test(`a breaker permits the next trial after ${what}`, () => {
		const instance = fakeInstance("a", { random: () => 0.5 });
		const health = instance.stats.health("chat_completions");
		for (let i = 0; i < 5; i++) health.breaker.fail(false, 0);
		record(instance, outcome, { passage: health.begin(witness, 5_000), now: 5_000 });
		assert.is(health.breaker.permits(5_000), true);
	});
}

test("an instance starts slowly when the cooldown of its only key ends", () => {
	const instance = fakeInstance("a");
	const error = new SpearError("rate_limited", "HTTP 429", { retryAfterMs: 4_000 });
	assert.is(record(instance, { type: "failed", error }, { now: 1_000 }), "key_cooldown");
	const factors = {
		atEnd: instance.stats.slowStartFactor("chat_completions", 5_000),
		halfway: instance.stats.slowStartFactor("chat_completions", 10_000),
	};
	assert.equal(factors, { atEnd: 0.1, halfway: 0.5 });
});

test("an instance starts slowly when a trial succeeds", () => {
	const instance = fakeInstance("a");
	const health = instance.stats.health("chat_completions");
	for (let i = 0; i < 5; i++) health.breaker.fail(false, 0);
	assert.is(record(instance, { type: "succeeded" }, { passage: health.begin(witness, 6_000), now: 6_000 }), "recovered");
	assert.is(instance.stats.slowStartFactor("chat_completions", 6_000), 0.1);
});

test.run();
