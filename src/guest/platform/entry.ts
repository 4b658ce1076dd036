/** Entry point of every guest: `spear build` makes the `run` of the component from that of the author. */
import { outputText, report } from "../outcome.ts";
import { endTasks, settled } from "./event-loop.ts";
import { showHostcallErrors } from "./hostcall-errors.ts";
import { installPromise } from "./promise.ts";
import { isStarted, markStarted } from "./run-state.ts";
import { clearTimers } from "./timers.ts";

installPromise();
showHostcallErrors();

/**
 * Returns the `run` export of the component, which awaits a promise by the platform's own loop, and turns whatever is thrown into the error of the
 * run.
 */
export function entryPoint(run: (input: string) => unknown): (input: string) => string {
	return (input) => {
		// The clock of the build is another one.
		if (!isStarted()) clearTimers();
		markStarted();
		try {
			const output: unknown = run(input);
			return outputText(output instanceof Promise ? settled(output) : output);
		} catch (thrown) {
			throw report(thrown);
		} finally {
			endTasks();
		}
	};
}
