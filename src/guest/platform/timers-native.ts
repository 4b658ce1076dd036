/** Timers of an engine that has them. */
const engine = globalThis as unknown as { setTimeout(task: () => void, delay: number): number };

/** Calls `task` once after `delay` milliseconds. */
export function setTimeout(task: () => void, delay: number): number {
	return engine.setTimeout(task, delay);
}
