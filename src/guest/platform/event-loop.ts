import { runMicrotasks } from "./microtasks.ts";
import { reportUnhandled } from "./promise.ts";
import { clearTimers, runNextTimers } from "./timers.ts";

/**
 * Runs microtasks and timers until a promise settles. Returns the value of the promise.
 *
 * @throws The reason of a promise that is rejected. `Error` if neither a microtask nor a timer remains that could settle the promise.
 */
export function settled<T>(promise: PromiseLike<T>): T {
	let outcome: { readonly value: T } | { readonly thrown: unknown } | undefined;
	promise.then(
		(value) => {
			outcome = { value };
		},
		(thrown: unknown) => {
			outcome = { thrown };
		},
	);
	for (;;) {
		runMicrotasks();
		if (outcome !== undefined) break;
		if (!runNextTimers()) throw new Error("run awaits a promise that nothing can settle: no timer is left, and hostcalls need no await");
	}
	if ("thrown" in outcome) throw outcome.thrown;
	return outcome.value;
}

/** Ends a run: runs the microtasks that are left, cancels the timers, and logs rejections that nothing handled. */
export function endTasks(): void {
	runMicrotasks();
	clearTimers();
	reportUnhandled();
}
