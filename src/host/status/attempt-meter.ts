import type { Operation } from "../../../generated/ir/operations.ts";
import type { Attribution } from "../../errors/code-defaults.ts";
import type { ObservedDecision } from "../../router/decision/decision-observers.ts";
import type { RouteAttempt } from "../../router/decision/explanation.ts";
import type { AttemptOutcome } from "../../router/decision/route-decision.ts";
import { LatencyHistogram } from "../../router/instances/stats/latency-histogram.ts";
import { RecentCounts } from "./recent-counts.ts";

/** Quantiles of recent latencies, in milliseconds: too high by less than 10 %. */
export interface LatencyQuantiles {
	/** Number of samples; old samples count in part. */
	readonly count: number;
	readonly p50Ms: number;
	readonly p90Ms: number;
	readonly p99Ms: number;
}

/** Attempts at one instance for one operation. */
export interface AttemptCounts {
	/** Attempts that have ended, with those of hedges that lost. */
	readonly attempts: number;
	/** Attempts that the instance failed: not by a fault of the request, and not cancelled. */
	readonly failures: number;
	/** Attempts of the last minute, without those that say nothing about the instance. */
	readonly recentAttempts: number;
	/** Share of these that failed, from 0 to 1. Absent without any. */
	readonly errorRate?: number;
	/** Time to the first output. Absent without samples. */
	readonly firstOutput?: LatencyQuantiles;
	/** Time to the end of a success. Absent without samples. */
	readonly whole?: LatencyQuantiles;
}

/** Attributions of the failures that say something about the instance. */
const OF_INSTANCE: ReadonlySet<Attribution> = new Set(["backend", "connection", "credentials", "capacity"]);

/** Returns true if an attempt failed for a reason that lies with its instance, its key or its connection. */
export function isInstanceFailure({ error }: Pick<AttemptOutcome, "error">): boolean {
	return error !== undefined && OF_INSTANCE.has(error.attribution);
}

interface Meter {
	attempts: number;
	failures: number;
	readonly recent: RecentCounts;
	readonly firstOutput: LatencyHistogram;
	readonly whole: LatencyHistogram;
}

const NO_ATTEMPTS: AttemptCounts = { attempts: 0, failures: 0, recentAttempts: 0 };

/** Counts the attempts of observed decisions, by instance and operation. */
export class AttemptMeter {
	readonly #meters = new Map<string, Map<Operation, Meter>>();

	record({ decision, operation, endedAtMs }: ObservedDecision): void {
		for (const [index, attempt] of decision.attempts.entries()) {
			const outcome = decision.outcomes[index];
			if (outcome !== undefined) this.#recordAttempt(this.#meter(attempt.backend, operation), attempt, outcome, endedAtMs);
		}
	}

	/** Returns the counts of an instance for an operation. */
	counts(backend: string, operation: Operation, wallMs: number): AttemptCounts {
		const meter = this.#meters.get(backend)?.get(operation);
		if (meter === undefined) return NO_ATTEMPTS;
		const { all, failed } = meter.recent.lastMinute(wallMs);
		const [firstOutput, whole] = [quantiles(meter.firstOutput), quantiles(meter.whole)];
		return {
			attempts: meter.attempts,
			failures: meter.failures,
			recentAttempts: all,
			...(all === 0 ? {} : { errorRate: failed / all }),
			...(firstOutput === undefined ? {} : { firstOutput }),
			...(whole === undefined ? {} : { whole }),
		};
	}

	/** Deletes the counts of all other instances. */
	keep(backends: ReadonlySet<string>): void {
		for (const backend of this.#meters.keys()) if (!backends.has(backend)) this.#meters.delete(backend);
	}

	#recordAttempt(meter: Meter, attempt: RouteAttempt, outcome: AttemptOutcome, wallMs: number): void {
		meter.attempts += 1;
		const failed = isInstanceFailure(outcome);
		if (failed) meter.failures += 1;
		if (failed || outcome.error === undefined) meter.recent.add(wallMs, failed);
		if (attempt.first_output_ms !== undefined) meter.firstOutput.add(attempt.first_output_ms);
		if (outcome.error === undefined) meter.whole.add(attempt.latency_ms);
	}

	#meter(backend: string, operation: Operation): Meter {
		const ofBackend = this.#meters.get(backend) ?? new Map<Operation, Meter>();
		this.#meters.set(backend, ofBackend);
		const existing = ofBackend.get(operation);
		if (existing !== undefined) return existing;
		const created = {
			attempts: 0,
			failures: 0,
			recent: new RecentCounts(),
			firstOutput: new LatencyHistogram(),
			whole: new LatencyHistogram(),
		};
		ofBackend.set(operation, created);
		return created;
	}
}

function quantiles(histogram: LatencyHistogram): LatencyQuantiles | undefined {
	const [p50Ms, p90Ms, p99Ms] = [0.5, 0.9, 0.99].map((share) => histogram.quantile(share));
	if (p50Ms === undefined || p90Ms === undefined || p99Ms === undefined) return undefined;
	return { count: histogram.count, p50Ms, p90Ms, p99Ms };
}
