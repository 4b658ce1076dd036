import type { Clock } from "../../src/time/clock.ts";
import { TimerHeap } from "./timer-heap.ts";

/** A clock whose time jumps from timer to timer, so that a simulation runs as fast as the machine allows. */
export class VirtualClock implements Clock {
	readonly #timers = new TimerHeap();
	#now = 0;

	now(): number {
		return this.#now;
	}

	after(ms: number, fire: () => void): () => void {
		if (ms === Number.POSITIVE_INFINITY) return () => {};
		const timer = this.#timers.add(this.#now + Math.max(0, ms), fire);
		return () => this.#timers.cancel(timer);
	}

	/**
	 * Fires timers in order until none is left. All microtasks that a timer causes run before the next timer.
	 *
	 * @param until Time of the first timer that does not fire, in milliseconds. The default is none. Hosts set timers for as long as they run.
	 */
	async run(until = Number.POSITIVE_INFINITY): Promise<void> {
		for (let timer = this.#timers.take(); timer !== undefined; timer = this.#timers.take()) {
			if (timer.at >= until) return;
			this.#now = timer.at;
			timer.fire();
			await settled();
		}
	}
}

/** Resolves once no microtask is left. */
function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
