/**
 * Timers run while `run` awaits a promise: the guest then waits for the earliest timer by `spear:ai/poll`. A guest that computes, or that
 * waits in a hostcall, runs no timer. The end of the run cancels all timers.
 *
 * @see https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html
 */
import { subscribeDuration } from "spear:ai/poll@0.1.0";
import { monotonicNow } from "./clock.ts";
import { runMicrotasks } from "./microtasks.ts";
import { reportError } from "./report-error.ts";

interface Timer {
	readonly run: () => void;
	/** Time of `now()` from which the timer may run, in milliseconds. */
	due: number;
	/** Pause between two calls, in milliseconds. Absent for a timer that runs once. */
	readonly everyMs: number | undefined;
}

/** Longest pause of a timer, in milliseconds. Longer ones count as 0, as browsers do. */
const MAX_PAUSE_MS = 2_147_483_647;

const timers = new Map<number, Timer>();
let lastId = 0;

/** Correction of the clock, in milliseconds. A host with a virtual clock may end a wait before the engine's clock has advanced. */
let ahead = 0;

function now(): number {
	return monotonicNow() + ahead;
}

/** Calls `task` once after `delay` milliseconds. Returns the number that `clearTimeout` takes. */
export function setTimeout(task: (...values: never[]) => void, delay?: unknown, ...values: unknown[]): number {
	return start(task, delay, values, false);
}

/** Calls `task` every `delay` milliseconds. Returns the number that `clearInterval` takes. */
export function setInterval(task: (...values: never[]) => void, delay?: unknown, ...values: unknown[]): number {
	return start(task, delay, values, true);
}

/** Cancels a timer. Any other value has no effect. */
export function clearTimeout(id?: unknown): void {
	timers.delete(Number(id));
}

export { clearTimeout as clearInterval };

function start(task: (...values: never[]) => void, delay: unknown, values: unknown[], repeats: boolean): number {
	if (typeof task !== "function") throw new TypeError("a timer needs a function; text is not evaluated");
	const wanted = Math.trunc(Number(delay ?? 0));
	const pauseMs = wanted > 0 && wanted <= MAX_PAUSE_MS ? wanted : 0;
	lastId += 1;
	timers.set(lastId, {
		run: () => Reflect.apply(task, undefined, values),
		due: now() + pauseMs,
		// Otherwise an interval of 0 would run without end at one moment.
		everyMs: repeats ? Math.max(pauseMs, 1) : undefined,
	});
	return lastId;
}

/** Waits for the earliest timer and runs all timers that are due then. Returns false if there is none. */
export function runNextTimers(): boolean {
	let next = Number.POSITIVE_INFINITY;
	for (const { due } of timers.values()) next = Math.min(next, due);
	if (next === Number.POSITIVE_INFINITY) return false;
	const waitMs = Math.ceil(next - now());
	if (waitMs > 0) {
		const pollable = subscribeDuration(waitMs);
		try {
			pollable.block();
		} finally {
			pollable[Symbol.dispose]();
		}
		ahead += Math.max(0, next - now());
	}
	const time = now();
	const due = [...timers].filter(([, timer]) => timer.due <= time).sort(([a, first], [b, second]) => first.due - second.due || a - b);
	for (const [id, timer] of due) {
		// An earlier timer may have cancelled this one.
		if (timers.get(id) !== timer) continue;
		if (timer.everyMs === undefined) timers.delete(id);
		else timer.due = now() + timer.everyMs;
		try {
			timer.run();
		} catch (thrown) {
			reportError(thrown);
		}
		runMicrotasks();
	}
	return true;
}

/** Cancels all timers. */
export function clearTimers(): void {
	timers.clear();
}
