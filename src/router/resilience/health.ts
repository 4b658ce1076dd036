import type { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { SignalKey } from "../instances/stats/instance-stats.ts";

/** How a request ended, as far as it tells something of the instance that had it. */
export type Outcome =
	/** It was answered. */
	| { readonly type: "succeeded" }
	| { readonly type: "failed"; readonly error: SpearError }
	/** Nobody waited for it any more. */
	| { readonly type: "abandoned" };

export interface Observed {
	readonly instance: Instance;
	readonly key: Key;
	/** What that held when the request was sent. */
	readonly keyValue: string | undefined;
	readonly signal: SignalKey;
	/** Whether it was the trial of an instance that was out. */
	readonly trial: boolean;
	/** Whether its answer had begun. */
	readonly answered: boolean;
	/** Until the first output, or the failure, in milliseconds. */
	readonly latencyMs: number;
	readonly now: number;
}

/** What an outcome has changed beyond this instance's numbers. */
export type Consequence = "opened" | "returned" | "key_retired" | "key_rests" | undefined;

/**
 * Lets what became of a request count where it belongs: a failure of the backend's own against the instance, a refused or exhausted key
 * against that key, and a wrong request, an abort or the caller's deadline against nobody.
 */
export function observe(outcome: Outcome, observed: Observed): Consequence {
	const { instance, key, trial, now } = observed;
	const { breaker } = instance.signals;
	if (outcome.type === "succeeded") {
		key.succeeded();
		if (!breaker.succeed(trial)) return undefined;
		instance.signals.returned(now);
		return "returned";
	}
	if (outcome.type === "abandoned") {
		breaker.abstain(trial);
		if (!observed.answered) observeWait(observed);
		return undefined;
	}
	switch (outcome.error.blame) {
		case "backend":
			return failed(observed);
		case "credentials":
			breaker.abstain(trial);
			key.retire(now, observed.keyValue);
			return "key_retired";
		case "capacity":
			breaker.abstain(trial);
			key.rest(now, outcome.error.retryAfterMs, observed.keyValue);
			// When its time is up everybody would come at once.
			if (instance.keys.outUntil(now) > 0 && Number.isFinite(instance.keys.outUntil(now))) {
				instance.signals.returned(instance.keys.outUntil(now));
			}
			return "key_rests";
		case "caller":
			breaker.abstain(trial);
			if (!observed.answered) observeWait(observed);
			return undefined;
		default:
			breaker.abstain(trial);
			return undefined;
	}
}

/** Nobody waited long enough for the answer. It is at least as slow as that: unknown, it would be tried first again and again. */
function observeWait({ instance, signal, latencyMs, now }: Observed): void {
	const { ewma } = instance.signals.latency(signal);
	if (latencyMs > 0 && latencyMs > ewma.at(now)) ewma.observe(latencyMs, now);
}

/** What a failure counts as in latency: never less than this, in milliseconds, or failing quickly would look like being quick. */
const FAILURE_MS = 1_000;

function failed({ instance, signal, trial, latencyMs, now }: Observed): Consequence {
	const { breaker } = instance.signals;
	const latency = instance.signals.latency(signal);
	latency.counts.failed(now);
	latency.ewma.observe(Math.max(latencyMs, FAILURE_MS, latency.ewma.at(now)), now);
	return breaker.fail(trial, now) ? "opened" : undefined;
}

/** The first output of a request has come. */
export function observeLatency({ instance, signal, latencyMs, now }: Omit<Observed, "key" | "keyValue" | "trial" | "answered">): void {
	const latency = instance.signals.latency(signal);
	latency.counts.succeeded(latencyMs, now);
	latency.ewma.observe(latencyMs, now);
}
