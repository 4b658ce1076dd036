import { addAbortListener } from "../../async/abort-listeners.ts";
import { abortError } from "../../errors/spear-error.ts";
import type { Notifier } from "../../stream/readiness.ts";
import type { Clock } from "../../time/clock.ts";

export interface WaitOptions {
	readonly clock: Clock;
	/** Ends the wait by an error when aborted. */
	readonly signal: AbortSignal;
	/** Longest wait, in milliseconds. `Infinity` for none. */
	readonly ms: number;
	/** Ends the wait. The default is nothing but time. */
	readonly change?: Notifier;
}

/**
 * Resolves after a time or at a change, whichever comes first. A timer may be early by less than a millisecond.
 *
 * @throws SpearError the reason of the signal once that is aborted.
 */
export async function waitUntil({ clock, signal, ms, change }: WaitOptions): Promise<void> {
	if (signal.aborted) throw abortError(signal);
	if (ms <= 0) return;
	await new Promise<void>((resolve) => {
		const done = (): void => {
			unsubscribe?.();
			cancelTimer?.();
			listener?.remove();
			resolve();
		};
		const unsubscribe = change?.subscribe(done);
		let cancelTimer: (() => void) | undefined;
		// A wait without an end has a timer too. Otherwise Node ends a process that waits for nothing else.
		const setTimer = (): void => {
			cancelTimer = clock.after(ms, Number.isFinite(ms) ? done : setTimer);
		};
		setTimer();
		const listener = addAbortListener(signal, done);
	});
	if (signal.aborted) throw abortError(signal);
}
