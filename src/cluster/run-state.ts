import type { RunState } from "./runs.ts";

const IS_END: Readonly<Record<RunState, boolean>> = {
	...{ delayed: false, queued: false, running: false },
	...{ completed: true, failed: true, cancelled: true, expired: true, poisoned: true },
};

/** Returns true for the name of a state. */
export function isRunState(text: string): text is RunState {
	return Object.hasOwn(IS_END, text);
}

/** Returns true for a state that no run leaves by itself. */
export function isEnd(state: RunState): boolean {
	return IS_END[state];
}
