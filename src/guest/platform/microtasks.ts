/**
 * Queue of microtasks. QuickJS runs the jobs of its own queue only with the asynchronous ABI, which guests do not have. So the platform has
 * a queue that the guest empties itself.
 */
import { reportError } from "./report-error.ts";

let queue: (() => void)[] = [];

/** Calls `task` after the current task, in the order of the calls. An exception of `task` is logged. */
export function queueMicrotask(task: () => void): void {
	if (typeof task !== "function") throw new TypeError("queueMicrotask needs a function");
	queue.push(task);
}

/** Runs all microtasks, including those that they queue. */
export function runMicrotasks(): void {
	while (queue.length > 0) {
		const tasks = queue;
		queue = [];
		for (const task of tasks) {
			try {
				task();
			} catch (thrown) {
				reportError(thrown);
			}
		}
	}
}
