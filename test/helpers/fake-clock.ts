import type { Clock } from "../../src/time/clock.ts";

interface FakeTimer {
	readonly at: number;
	readonly fire: () => void;
}

/** A clock that a test moves. */
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

	/** How many timers are set. */
	get pending(): number {
		return this.#timers.size;
	}

	/** Lets so much time pass; what is due fires on the way, in order. */
	pass(ms: number): void {
		const end = this.#now + ms;
		for (let due = this.#next(end); due !== undefined; due = this.#next(end)) this.#fire(due);
		this.#now = end;
	}

	/** The same, but what each timer sets off runs on as far as it can before the next one fires. */
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

	/** The one that is due first, until then. */
	#next(end: number): FakeTimer | undefined {
		let first: FakeTimer | undefined;
		for (const timer of this.#timers) if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
		return first;
	}
}

/** Resolves when everything that is under way waits for something outside of it. */
export function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
