import { pause } from "../../async/pause.ts";
import type { Clock } from "../../time/clock.ts";
import { StoreError } from "../store-error.ts";

/** First wait after a call that failed, in milliseconds. Each further wait is twice as long. */
const FIRST_WAIT_MS = 100;

/** Longest wait, in milliseconds. A store that returns is used again within that time. */
const MAX_WAIT_MS = 1_000;

export interface UntilStoredOptions {
	readonly clock: Clock;
	/** Ends the wait. A call in flight is awaited. */
	readonly signal: AbortSignal;
	/** Called with each failure that is followed by another call. */
	readonly onFault?: (fault: StoreError) => void;
}

/**
 * Calls the store again until a call succeeds, while the store cannot be reached, is full or refuses the host.
 *
 * @throws The error of `signal`. StoreError of the other reasons: another call would have the same result.
 */
export async function untilStored<T>(call: () => Promise<T>, { clock, signal, onFault }: UntilStoredOptions): Promise<T> {
	for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
		try {
			return await call();
		} catch (thrown) {
			if (!mayPass(thrown)) throw thrown;
			onFault?.(thrown);
		}
		await pause(clock, waitMs, signal);
	}
}

/** Returns true for a failure of the store that ends when the store is in order again. */
export function mayPass(thrown: unknown): thrown is StoreError {
	return thrown instanceof StoreError && (thrown.reason === "unreachable" || thrown.reason === "full" || thrown.reason === "denied");
}
