import type { Clock } from "../../../src/time/clock.ts";

/** Errors of a machine's clocks. */
export interface ClockErrors {
	/** Difference of the wall clock from the true time, in milliseconds. The default is 0. */
	readonly skewMs?: number;
	/** Relative error of the speed of both clocks. 0.001 gains a millisecond per second. The default is 0. */
	readonly drift?: number;
	/** Changes of the wall clock. The default is none. */
	readonly jumps?: readonly ClockJump[];
}

export interface ClockJump {
	/** True time of the jump, in milliseconds from the start. */
	readonly at: number;
	/** Below 0 for a jump back. */
	readonly byMs: number;
}

/** True time of the start of a simulation, in milliseconds since 1970: a Monday at noon, far from the end of any budget. */
export const START_MS = Date.UTC(2027, 0, 4, 12);

/** The clocks of one process. The monotonic clock begins at 0 with the process. After `stop`, no timer fires, as in a process that was killed. */
export class HostClock implements Clock {
	readonly #time: Clock;
	readonly #startedAt: number;
	readonly #skewMs: number;
	readonly #jumps: readonly ClockJump[];
	readonly #speed: number;
	#stopped = false;
	/** Timers that were due while the process was paused. `undefined` while the process runs. */
	#due: (() => void)[] | undefined;

	/** @param time The true time. */
	constructor(time: Clock, { skewMs = 0, drift = 0, jumps = [] }: ClockErrors = {}) {
		this.#time = time;
		this.#startedAt = time.now();
		this.#skewMs = skewMs;
		this.#jumps = jumps;
		this.#speed = 1 + drift;
	}

	now(): number {
		return (this.#time.now() - this.#startedAt) * this.#speed;
	}

	/** Returns the wall clock, in milliseconds since 1970. */
	wall(): number {
		const now = this.#time.now();
		const jumped = this.#jumps.reduce((sum, { at, byMs }) => (now >= at ? sum + byMs : sum), 0);
		return START_MS + this.#skewMs + jumped + now * this.#speed;
	}

	after(ms: number, fire: () => void): () => void {
		let cancelled = false;
		const cancel = this.#time.after(ms / this.#speed, () =>
			this.run(() => {
				if (!cancelled) fire();
			}),
		);
		return () => {
			cancelled = true;
			cancel();
		};
	}

	/** Runs an action of the process: now, after `resume` if the process is paused, never after `stop`. */
	run(action: () => void): void {
		if (this.#stopped) return;
		if (this.#due === undefined) action();
		else this.#due.push(action);
	}

	/** Pauses the process, as SIGSTOP does. The monotonic clock goes on. */
	pause(): void {
		this.#due ??= [];
	}

	/** Ends a pause. Timers that were due fire now, in the order of their times. */
	resume(): void {
		const due = this.#due ?? [];
		this.#due = undefined;
		for (const action of due) this.run(action);
	}

	/** Ends the process, as SIGKILL does. */
	stop(): void {
		this.#stopped = true;
	}
}
