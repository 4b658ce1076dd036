import type { CpuShare } from "../../abi/metering/cpu-budget.ts";
import type { Clock } from "../../time/clock.ts";

/** Time between two looks at the CPU time of a thread, in milliseconds. */
const INTERVAL_MS = 100;

/** Time that a thread may go on after the order to pause, in milliseconds of its CPU time. A metered guest pauses within milliseconds. */
const GRACE_MS = 1_000;

export interface CpuWatchOptions {
	/** CPU time that the instances of the guest share. */
	readonly budget: CpuShare;
	readonly clock: Clock;
	/** Asks the thread to compute no more for some milliseconds. */
	readonly pause: (ms: number) => void;
	/** Called once, if the thread goes on nevertheless. */
	readonly onIgnored: () => void;
}

/**
 * Counts the CPU time of a thread for the budget of its guest, as the host's own clock shows it: what a thread reports is in the guest's reach.
 *
 * @returns The function that ends the watch.
 */
export function watchCpu(thread: { readonly activeMs: number }, { budget, clock, pause, onIgnored }: CpuWatchOptions): () => void {
	let countedTo = thread.activeMs;
	let pausedUntil = 0;
	let ignoredMs = 0;
	let cancel = (): void => {};
	let isOver = false;
	const look = (): void => {
		const { activeMs } = thread;
		const now = clock.now();
		const used = activeMs - countedTo;
		countedTo = activeMs;
		budget.spend(used, now);
		ignoredMs = now < pausedUntil ? ignoredMs + used : 0;
		const waitMs = budget.waitMs(now);
		if (waitMs > 0 && now + waitMs > pausedUntil) {
			pausedUntil = now + waitMs;
			pause(waitMs);
		}
	};
	const next = (): void => {
		look();
		if (ignoredMs > GRACE_MS) onIgnored();
		else if (!isOver) cancel = clock.after(INTERVAL_MS, next);
	};
	next();
	return () => {
		isOver = true;
		cancel();
		look();
	};
}
