import type { Instance } from "../instances/instance.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { type Counts, requestsOf } from "../instances/stats/rolling-counts.ts";

/** Part of the requests below which an instance is not compared that one guest needs for a vote. The other guests vote together. */
const VOTE_RATIO = 0.25;

/** Figures of one instance for the comparison with its peers. */
export interface Measured {
	readonly instance: Instance;
	/** The figures that speak against the instance: of two middle votes the better one. */
	readonly own: Figures;
	/** The figures that its peers are compared with: of two middle votes the worse one. */
	readonly usual: Figures;
	/** The only guest with a vote; `undefined` for several. */
	readonly soleGuest: string | undefined;
}

interface Figures {
	/** Share of failures. From 0 to 1. */
	readonly errorRatio: number;
	/** Mean latency of the successes, in milliseconds. `undefined` without any. */
	readonly latencyMs: number | undefined;
}

/**
 * Measures one instance. Each guest has one vote, however many requests it sent, so that no guest can have an instance ejected for others.
 *
 * @param minRequests Requests below which an instance is not measured.
 */
export function measure(instance: Instance, key: StatsKey, minRequests: number, now: number): Measured | undefined {
	const { counts } = instance.stats.latency(key);
	const total = counts.recent(now);
	if (requestsOf(total) < minRequests) return undefined;
	const { guests, rest } = counts.recentByGuest(now);
	const votes: Figures[] = [];
	let soleGuest: string | undefined;
	const small: Counts = { ...rest };
	for (const [guest, own] of guests) {
		if (requestsOf(own) >= minRequests * VOTE_RATIO) {
			votes.push(figuresOf(own));
			soleGuest = guest;
			continue;
		}
		small.succeeded += own.succeeded;
		small.failed += own.failed;
		small.latencySumMs += own.latencySumMs;
	}
	const together = requestsOf(small) >= Math.max(1, minRequests * VOTE_RATIO);
	if (together) votes.push(figuresOf(small));
	if (votes.length === 0) return undefined;
	return {
		instance,
		own: medianOf(votes, lowerMedian),
		usual: medianOf(votes, upperMedian),
		soleGuest: votes.length === 1 ? soleGuest : undefined,
	};
}

function figuresOf(counts: Counts): Figures {
	const { succeeded, failed, latencySumMs } = counts;
	return { errorRatio: failed / requestsOf(counts), latencyMs: succeeded === 0 ? undefined : latencySumMs / succeeded };
}

function medianOf(votes: readonly Figures[], median: (values: readonly number[]) => number): Figures {
	const latencies = votes.flatMap(({ latencyMs }) => latencyMs ?? []);
	return {
		errorRatio: median(votes.map(({ errorRatio }) => errorRatio)),
		latencyMs: latencies.length === 0 ? undefined : median(latencies),
	};
}

/** The median; of two middle values the lower. 0 for no value. */
export function lowerMedian(values: readonly number[]): number {
	return sorted(values)[Math.floor((values.length - 1) / 2)] ?? 0;
}

/** The median; of two middle values the higher. 0 for no value. */
function upperMedian(values: readonly number[]): number {
	return sorted(values)[Math.floor(values.length / 2)] ?? 0;
}

function sorted(values: readonly number[]): number[] {
	return [...values].sort((a, b) => a - b);
}
