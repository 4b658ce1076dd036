import { timeoutError } from "../errors/spear-error.ts";

/** A signal that is aborted with `timeout` once the time is up, or with the reason of `parent` when that is aborted first. */
export interface Deadline {
	readonly signal: AbortSignal;
	/** Takes the timer back. */
	clear(): void;
}

export function startDeadline(parent: AbortSignal, timeoutMs: number | undefined): Deadline {
	if (timeoutMs === undefined) return { signal: parent, clear: () => {} };
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort(timeoutError(timeoutMs)), timeoutMs);
	return { signal: AbortSignal.any([parent, controller.signal]), clear: () => clearTimeout(timer) };
}
