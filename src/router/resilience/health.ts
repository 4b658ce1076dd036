import type { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";

/** How a request ended, as far as it tells something of the instance that had it. */
export type Outcome =
	/** It was answered. */
	| { readonly type: "succeeded" }
	| { readonly type: "failed"; readonly error: SpearError }
	/** Nobody waited for it any more. */
	| { readonly type: "abandoned" };

export interface ObservedRequest {
	readonly instance: Instance;
	readonly key: Key;
	/** What that held when the request was sent. */
	readonly keyValue: string | undefined;
	readonly statsKey: StatsKey;
	/** Whether it was the trial of an instance that was out. */
	readonly trial: boolean;
	/** Whether its answer had begun. */
	readonly answered: boolean;
	/** Until the first output, or the failure, in milliseconds. */
	readonly latencyMs: number;
	readonly now: number;
}

/** What an outcome has changed beyond this instance's numbers. */
export type HealthTransition = "breaker_opened" | "recovered" | "key_rejected" | "key_cooldown" | undefined;

/**
 * Lets what became of a request count where it belongs: a failure of the backend's own against the instance, a refused or exhausted key
 * against that key, and a wrong request, an abort or the caller's deadline against nobody.
 */
export function recordOutcome(outcome: Outcome, observed: ObservedRequest): HealthTransition {
	const { instance, key, trial, now } = observed;
	const { breaker } = instance.stats;
	if (outcome.type === "succeeded") {
		key.succeeded();
		if (!breaker.succeed(trial)) return undefined;
		instance.stats.recovered(now);
		return "recovered";
	}
	if (outcome.type === "abandoned") {
		breaker.abstain(trial);
		if (!observed.answered) recordWait(observed);
		return undefined;
	}
	switch (outcome.error.attribution) {
		case "backend":
			return failed(observed);
		case "credentials":
			breaker.abstain(trial);
			key.markRejected(now, observed.keyValue);
			return "key_rejected";
		case "capacity":
			breaker.abstain(trial);
			key.coolDown(now, outcome.error.retryAfterMs, observed.keyValue);
			// When its time is up everybody would come at once.
			if (instance.keys.unavailableUntil(now) > 0 && Number.isFinite(instance.keys.unavailableUntil(now))) {
				instance.stats.recovered(instance.keys.unavailableUntil(now));
			}
			return "key_cooldown";
		case "caller":
			breaker.abstain(trial);
			if (!observed.answered) recordWait(observed);
			return undefined;
		default:
			breaker.abstain(trial);
			return undefined;
	}
}

/** Nobody waited long enough for the answer. It is at least as slow as that: unknown, it would be tried first again and again. */
function recordWait({ instance, statsKey, latencyMs, now }: ObservedRequest): void {
	const { ewma } = instance.stats.latency(statsKey);
	if (latencyMs > 0 && latencyMs > ewma.at(now)) ewma.observe(latencyMs, now);
}

/** What a failure counts as in latency: never less than this, in milliseconds, or failing quickly would look like being quick. */
const FAILURE_MS = 1_000;

function failed({ instance, statsKey, trial, latencyMs, now }: ObservedRequest): HealthTransition {
	const { breaker } = instance.stats;
	const latency = instance.stats.latency(statsKey);
	latency.counts.failed(now);
	latency.ewma.observe(Math.max(latencyMs, FAILURE_MS, latency.ewma.at(now)), now);
	return breaker.fail(trial, now) ? "breaker_opened" : undefined;
}

/** The first output of a request has come. */
export function recordFirstOutput({
	instance,
	statsKey,
	latencyMs,
	now,
}: Omit<ObservedRequest, "key" | "keyValue" | "trial" | "answered">): void {
	const latency = instance.stats.latency(statsKey);
	latency.counts.succeeded(latencyMs, now);
	latency.ewma.observe(latencyMs, now);
}
