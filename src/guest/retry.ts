/**
 * `spear-hostcall/guest/retry`: retries as data. The host has its own retries and fallbacks; these are for failures that reach the guest.
 */
import { HostcallError } from "./errors.ts";
import { sleep } from "./poll.ts";

/** Decides whether and when a failed call is made again. */
export interface RetryPolicy {
	/** Number of calls, the first one included. The default is 3. */
	readonly attempts?: number;
	/** Pause before the second call, in milliseconds. Each later pause is twice as long. The default is 250. */
	readonly baseMs?: number;
	/** Longest pause, in milliseconds. A failure that asks for a longer one is final. The default is 10000. */
	readonly maxMs?: number;
	/** Share of each pause that is random, from 0 to 1, so that guests do not come back together. The default is 0.5. */
	readonly jitter?: number;
	/** Returns true for a failure that a later call may not have. The default is `retryable` of the failure. */
	readonly retryOn?: (error: HostcallError) => boolean;
}

/**
 * Returns the pause before the next call, in milliseconds. Not shorter than the pause that the upstream asks for.
 *
 * @param attempt Number of calls that were made.
 * @returns `undefined` if no further call is to be made.
 */
export function retryDelay(error: HostcallError, attempt: number, policy: RetryPolicy = {}): number | undefined {
	const { attempts = 3, baseMs = 250, maxMs = 10_000, jitter = 0.5, retryOn = ({ retryable }) => retryable } = policy;
	const { retryAfterMs = 0 } = error;
	if (attempt >= attempts || retryAfterMs > maxMs || !retryOn(error)) return undefined;
	const pause = Math.min(baseMs * 2 ** (attempt - 1), maxMs);
	return Math.max(Math.round(pause * (1 - jitter * Math.random())), retryAfterMs);
}

/**
 * Returns the result of `call`, which is called again after a failure as the policy says.
 *
 *     const { vectors } = retry(() => embed({ input }, undefined), { attempts: 5 });
 *
 * A `Chat` keeps the message of a failed `ask`: call `session.send` again, or remove the message with `removeLastTurn` first.
 *
 * @throws HostcallError the last failure. Any other error is thrown at once.
 */
export function retry<T>(call: (attempt: number) => T, policy: RetryPolicy = {}): T {
	for (let attempt = 1; ; attempt += 1) {
		try {
			return call(attempt);
		} catch (thrown) {
			const error = HostcallError.from(thrown);
			if (error === undefined) throw thrown;
			const pause = retryDelay(error, attempt, policy);
			if (pause === undefined) throw error;
			if (pause > 0) sleep(pause);
		}
	}
}
