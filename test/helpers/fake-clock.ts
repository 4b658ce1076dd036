import type { Clock } from "../../src/stream/clock.ts";

/** A clock that a test moves. */
export class FakeClock implements Clock {
	#now = 0;
	readonly #timers = new Set<{ readonly at: number; readonly fire: () => void }>();

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
		for (;;) {
			const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (due === undefined) break;
			this.#timers.delete(due);
			this.#now = due.at;
			due.fire();
		}
		this.#now = end;
	}
}
