import { cancelledError, SpearError } from "../errors/spear-error.ts";

/** Throws `cancelled` when the signal is aborted; `what` names what was going on, as the start of a sentence. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
	if (signal?.aborted !== true) return;
	throw signal.reason instanceof SpearError ? signal.reason : cancelledError(`${what} was aborted`).with({ cause: signal.reason });
}
