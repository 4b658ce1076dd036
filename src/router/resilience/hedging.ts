import type { Clock } from "../../time/clock.ts";
import type { LatencyHistogram } from "../instances/stats/latency-histogram.ts";
import type { HedgeSettings } from "../settings.ts";

/** Samples below which a quantile is too uncertain to start hedges by: the 95th percentile needs 20 to be below the maximum. */
const MIN_SAMPLES = 20;

/** Returns the delay before a hedge, in milliseconds; `undefined` if it is a quantile and there are too few samples. */
export function hedgeDelayMs({ after }: HedgeSettings, latencies: LatencyHistogram): number | undefined {
	if ("delayMs" in after) return after.delayMs;
	return latencies.count < MIN_SAMPLES ? undefined : latencies.quantile(after.quantile);
}

export interface HedgedRun<A, R> {
	readonly first: A;
	/** Limit of attempts that start, the first included. */
	readonly maxAttempts: number;
	/** Time without a result after which the next attempt starts, in milliseconds. */
	readonly afterMs: number;
	readonly clock: Clock;
	/** Runs an attempt to its result. Never rejects. */
	readonly run: (attempt: A) => Promise<R>;
	readonly succeeded: (result: R) => boolean;
	/** Creates a further attempt; `undefined` if there is none. */
	readonly launch: () => Promise<A | undefined>;
	/** Ends an attempt after another has succeeded first. */
	readonly abandon: (attempt: A) => void;
	/** Receives the result of an attempt that ends after another has succeeded. */
	readonly discardLate: (result: R) => void;
}

/**
 * Runs attempts concurrently, each started a while after the one before. The first success wins and ends the others. A failure is the
 * result only if no attempt is left.
 */
export function runHedged<A, R>(options: HedgedRun<A, R>): Promise<R> {
	const { first, maxAttempts, afterMs, clock, run, succeeded, launch, abandon, discardLate } = options;
	return new Promise((resolve) => {
		const running = new Set<A>();
		let started = 0;
		let finished = false;
		let cancelTimer = (): void => {};
		const finish = (result: R): void => {
			finished = true;
			cancelTimer();
			for (const attempt of running) abandon(attempt);
			resolve(result);
		};
		const start = (attempt: A): void => {
			started += 1;
			running.add(attempt);
			void run(attempt).then((result) => {
				running.delete(attempt);
				if (finished) discardLate(result);
				else if (succeeded(result) || running.size === 0) finish(result);
			});
		};
		const scheduleNext = (): void => {
			if (started >= maxAttempts) return;
			cancelTimer = clock.after(afterMs, () => {
				void launch().then((next) => {
					if (next === undefined) return;
					if (finished) return abandon(next);
					start(next);
					scheduleNext();
				});
			});
		};
		start(first);
		scheduleNext();
	});
}
