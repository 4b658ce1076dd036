import type { Clock } from "../../src/time/clock.ts";

interface FakeTimer {
	readonly at: number;
	readonly fire: () => void;
}

/** A clock whose time the test controls. */
export class FakeClock implements Clock {
	#now = 0;
	readonly #timers = new Set<FakeTimer>();

	now(): number {
		return this.#now;
	}

	after(ms: number, fire: () => void): () => void {
		const timer = { at: this.#now + ms, fire };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}

	/** Number of timers that are set. */
	get pending(): number {
		return this.#timers.size;
	}

	/** Advances the time by `ms` milliseconds. Fires the timers that are due, in order. */
	pass(ms: number): void {
		const end = this.#now + ms;
		for (let due = this.#next(end); due !== undefined; due = this.#next(end)) this.#fire(due);
		this.#now = end;
	}

	/** Advances the time as `pass` does. After each timer, waits until the work that it started can make no more progress. */
	async advance(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settled();
		for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
			this.#fire(due);
			await settled();
		}
		this.#now = end;
	}

	#fire(timer: FakeTimer): void {
		this.#timers.delete(timer);
		this.#now = timer.at;
		timer.fire();
	}

	/** Returns the timer that is due first, at or before `end`. */
	#next(end: number): FakeTimer | undefined {
		let first: FakeTimer | undefined;
		for (const timer of this.#timers) if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
		return first;
	}
}

/** Resolves when all work in flight waits for a timer or an external event. */
export function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
