import type { Clock } from "../time/clock.ts";

/** A pause that waits for its time. */
interface Timer {
	readonly at: number;
	readonly fire: () => void;
}

/**
 * A clock that a test moves. Pauses of a scripted backend end when their time comes, and not by the machine's time.
 *
 * ```ts
 * const clock = new VirtualClock();
 * const backend = mockBackend({ chat: [{ text: ["slow", "ly"], everyMs: 1_000 }] }, { clock });
 * // … begin a request, and then:
 * await clock.advance(1_000);
 * ```
 */
export class VirtualClock implements Clock {
	#now = 0;
	readonly #timers = new Set<Timer>();

	/** Returns the time in milliseconds since the clock was made. */
	now(): number {
		return this.#now;
	}

	after(ms: number, fire: () => void): () => void {
		const timer = { at: this.#now + Math.max(ms, 0), fire };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}

	/** Number of pauses that wait. */
	get pending(): number {
		return this.#timers.size;
	}

	/** Moves the time by `ms` milliseconds. Ends the pauses that are due, in order, and lets the work that follows each of them proceed. */
	async advance(ms: number): Promise<void> {
		const end = this.#now + ms;
		await settled();
		for (let due = this.#next(); due !== undefined && due.at <= end; due = this.#next()) {
			this.#timers.delete(due);
			this.#now = due.at;
			due.fire();
			await settled();
		}
		this.#now = end;
	}

	/** Moves the time to the end of the pause that is due first. Returns false if no pause waits. */
	async advanceToNext(): Promise<boolean> {
		await settled();
		const due = this.#next();
		if (due !== undefined) await this.advance(due.at - this.#now);
		return due !== undefined;
	}

	#next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
		return first;
	}
}

/** Resolves after the work that is ready to proceed. */
function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
