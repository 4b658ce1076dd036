import type { Operation } from "../../../generated/ir/operations.ts";
import type { Attribution } from "../../errors/code-defaults.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import type { Witness } from "./guests/witness.ts";
import type { Passage } from "./operation-health.ts";
import type { Suspicion } from "./peers/suspicion.ts";

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
	/** The guest of the request. */
	readonly witness: Witness;
}

/** A request that has ended. */
export interface EndedRequest extends FirstOutput {
	readonly key: Key;
	/** Value of the key when the request was sent. */
	readonly keyValue: string | undefined;
	/** Suspicion of the key under which the request began. `undefined` or absent for none. */
	readonly keySuspicion?: Suspicion | undefined;
	readonly operation: Operation;
	/** Passage of the request through the breakers of its instance. */
	readonly passage: Passage;
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

/** Attributions of the failures that count against the instance. */
const FAILURES_OF_INSTANCE: ReadonlySet<Attribution> = new Set(["backend", "connection"]);

/**
 * Counts an outcome against the instance, against its key or against neither, by the attribution of the failure.
 *
 * @see ../README.md for the table of outcomes
 */
export function recordOutcome(outcome: Outcome, ended: EndedRequest): HealthTransition {
	const { instance, operation, key, passage, witness, now } = ended;
	const health = instance.stats.health(operation);
	if (outcome.type === "succeeded") {
		key.recordSuccess(witness.guest);
		ended.keySuspicion?.succeed();
		if (!health.succeed(passage, witness.guest, now)) return undefined;
		health.startSlowly(now);
		return "recovered";
	}
	ended.keySuspicion?.endTrial();
	if (outcome.type === "failed" && FAILURES_OF_INSTANCE.has(outcome.error.attribution)) {
		return recordFailure(ended, outcome.error.attribution === "connection");
	}
	health.abstain(passage, outcome.type === "abandoned" ? witness.guest : undefined);
	if (outcome.type === "abandoned") {
		recordWait(ended);
		return undefined;
	}
	switch (outcome.error.attribution) {
		case "credentials":
			key.markRejected(now, ended.keyValue, witness);
			return "key_rejected";
		case "capacity":
			key.coolDown(now, outcome.error.retryAfterMs, ended.keyValue, witness);
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
export function recordFirstOutput({ instance, statsKey, latencyMs, now, witness }: FirstOutput): void {
	const latency = instance.stats.latency(statsKey);
	latency.counts.recordSuccess(latencyMs, now, witness.guest);
	latency.ewma.observe(latencyMs, now, witness.guest);
}

/** @param noRequestCanCause True for a failure that counts for all guests, because no request can cause it. */
function recordFailure(ended: EndedRequest, noRequestCanCause: boolean): HealthTransition {
	const { instance, operation, statsKey, passage, latencyMs, now, witness } = ended;
	const latency = instance.stats.latency(statsKey);
	latency.counts.recordFailure(now, witness.guest);
	latency.ewma.observe(Math.max(latencyMs, FAILURE_MS), now, witness.guest);
	return instance.stats.health(operation).fail(passage, witness, now, noRequestCanCause) ? "breaker_opened" : undefined;
}

/**
 * Records the time that a request waited without an output as a latency, if it is above the average: the instance is at least that slow.
 * Otherwise an instance that never answers would stay unmeasured, and unmeasured instances are tried first.
 */
function recordWait({ instance, statsKey, hadOutput, latencyMs, now, witness: { guest } }: EndedRequest): void {
	if (hadOutput) return;
	const { ewma } = instance.stats.latency(statsKey);
	if (latencyMs > 0 && latencyMs > ewma.at(now, guest)) ewma.observe(latencyMs, now, guest);
}

/** Otherwise all waiting requests would reach the instance at the moment at which the cooldown of its keys ends. */
function startSlowlyAfterCooldown(instance: Instance, now: number): void {
	const until = instance.keys.unavailableUntil(now);
	if (until > 0 && Number.isFinite(until)) instance.stats.startSlowly(until);
}
