import type { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";

/** The end of a request, as far as it says something about its instance. */
export type Outcome =
	| { readonly type: "succeeded" }
	| { readonly type: "failed"; readonly error: SpearError }
	/** Another attempt was first, or no request was sent. */
	| { readonly type: "abandoned" };

/** The first output of a request. */
export interface FirstOutput {
	readonly instance: Instance;
	readonly statsKey: StatsKey;
	/** Time from the start of the request, in milliseconds. */
	readonly latencyMs: number;
	readonly now: number;
}

/** A request that has ended. */
export interface EndedRequest extends FirstOutput {
	readonly key: Key;
	/** Value of the key when the request was sent. */
	readonly keyValue: string | undefined;
	/** True if the request was the trial of a breaker. */
	readonly trial: boolean;
	/** True if the request had an output before it ended. */
	readonly hadOutput: boolean;
	/** Time from the start of the request to its first output, or to its end without one, in milliseconds. */
	readonly latencyMs: number;
}

/** The change of state that an outcome caused; `undefined` for none. */
export type HealthTransition = "breaker_opened" | "recovered" | "key_rejected" | "key_cooldown" | undefined;

/**
 * Least latency that a failure counts as, in milliseconds: above most first outputs. Otherwise an instance that fails quickly would look
 * fast and get more requests.
 */
const FAILURE_MS = 1_000;

/**
 * Counts an outcome against the instance, against its key or against neither, by the attribution of the failure.
 *
 * @see ../README.md for the table of outcomes
 */
export function recordOutcome(outcome: Outcome, ended: EndedRequest): HealthTransition {
	const { instance, key, trial, now } = ended;
	const { breaker } = instance.stats;
	if (outcome.type === "succeeded") {
		key.recordSuccess();
		if (!breaker.succeed(trial)) return undefined;
		instance.stats.startSlowly(now);
		return "recovered";
	}
	if (outcome.type === "failed" && outcome.error.attribution === "backend") return recordFailure(ended);
	breaker.abstain(trial);
	if (outcome.type === "abandoned") {
		recordWait(ended);
		return undefined;
	}
	switch (outcome.error.attribution) {
		case "credentials":
			key.markRejected(now, ended.keyValue);
			return "key_rejected";
		case "capacity":
			key.coolDown(now, outcome.error.retryAfterMs, ended.keyValue);
			startSlowlyAfterCooldown(instance, now);
			return "key_cooldown";
		case "caller":
			recordWait(ended);
			return undefined;
		default:
			return undefined;
	}
}

/** Adds the first output of a request to the statistics. */
export function recordFirstOutput({ instance, statsKey, latencyMs, now }: FirstOutput): void {
	const latency = instance.stats.latency(statsKey);
	latency.counts.recordSuccess(latencyMs, now);
	latency.ewma.observe(latencyMs, now);
}

function recordFailure({ instance, statsKey, trial, latencyMs, now }: EndedRequest): HealthTransition {
	const latency = instance.stats.latency(statsKey);
	latency.counts.recordFailure(now);
	latency.ewma.observe(Math.max(latencyMs, FAILURE_MS), now);
	return instance.stats.breaker.fail(trial, now) ? "breaker_opened" : undefined;
}

/**
 * Records the time that a request waited without an output as a latency, if it is above the average: the instance is at least that slow.
 * Otherwise an instance that never answers would stay unmeasured, and unmeasured instances are tried first.
 */
function recordWait({ instance, statsKey, hadOutput, latencyMs, now }: EndedRequest): void {
	if (hadOutput) return;
	const { ewma } = instance.stats.latency(statsKey);
	if (latencyMs > 0 && latencyMs > ewma.at(now)) ewma.observe(latencyMs, now);
}

/** Otherwise all waiting requests would reach the instance at the moment at which the cooldown of its keys ends. */
function startSlowlyAfterCooldown(instance: Instance, now: number): void {
	const until = instance.keys.unavailableUntil(now);
	if (until > 0 && Number.isFinite(until)) instance.stats.startSlowly(until);
}
