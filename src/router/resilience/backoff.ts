import type { Random } from "../../time/random.ts";

export interface BackoffSettings {
	/** Bound of the pause before the first retry, in milliseconds. Each further retry doubles it. */
	readonly baseMs: number;
	/** Bound of every pause, in milliseconds. */
	readonly maxMs: number;
}

/** Bounds the exponent. Beyond it every pause has reached `maxMs`. */
const MAX_DOUBLINGS = 30;

/**
 * Returns the pause before a retry, in milliseconds: drawn evenly between 0 and a bound that doubles with each retry ("full jitter").
 * Otherwise requests that failed together would return together.
 *
 * @param retry Retries before this one: 0 for the first.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs({ baseMs, maxMs }: BackoffSettings, retry: number, random: Random): number {
	return random() * Math.min(maxMs, baseMs * 2 ** Math.min(retry, MAX_DOUBLINGS));
}
