import { cancelledError, SpearError } from "../errors/spear-error.ts";

/**
 * Throws `cancelled`, or the signal's reason if that is a SpearError, when the signal is aborted.
 *
 * @param what Names the activity, as the start of a sentence.
 */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
	if (signal?.aborted !== true) return;
	throw signal.reason instanceof SpearError ? signal.reason : cancelledError(`${what} was aborted`).with({ cause: signal.reason });
}
