import { MAX_TIMEOUT_MS } from "../time/clock.ts";
import { Notifier, type Readiness } from "./readiness.ts";

/** Becomes ready once, after a time. */
export class Timer implements Readiness {
	readonly #notifier = new Notifier();
	readonly #timeout: NodeJS.Timeout;
	#fired = false;

	/** @param ms Milliseconds; beyond 2^31 - 1 (about 24.8 days) it counts as that. */
	constructor(ms: number) {
		this.#timeout = setTimeout(
			() => {
				this.#fired = true;
				this.#notifier.notifyAll();
			},
			Math.min(ms, MAX_TIMEOUT_MS),
		);
	}

	isReady(): boolean {
		return this.#fired;
	}

	onReady(notify: () => void): () => void {
		return this.#notifier.subscribe(notify);
	}

	/** Cancels the timer. It never becomes ready then. */
	[Symbol.dispose](): void {
		clearTimeout(this.#timeout);
	}
}
