import type { Random } from "../../time/random.ts";

export interface BackoffSettings {
	/** Longest pause before the first repetition, in milliseconds; doubled each time. */
	readonly baseMs: number;
	/** Longest pause before any. */
	readonly maxMs: number;
}

/**
 * The pause before a repetition, in milliseconds, drawn evenly from 0 to a bound that doubles each time ("full jitter"), so that
 * callers who failed together do not come back together.
 *
 * @param repetition 0 for the first.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs({ baseMs, maxMs }: BackoffSettings, repetition: number, random: Random): number {
	return random() * Math.min(maxMs, baseMs * 2 ** Math.min(repetition, 30));
}
