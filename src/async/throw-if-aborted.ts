import { cancelledError, SpearError } from "../errors/spear-error.ts";

/**
 * Throws if the signal is aborted.
 *
 * @param what Names the activity, as the subject of the message.
 * @throws SpearError `cancelled`, or the signal's reason if that is a SpearError.
 */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
	if (signal?.aborted !== true) return;
	throw signal.reason instanceof SpearError ? signal.reason : cancelledError(`${what} was aborted`).with({ cause: signal.reason });
}
