import { MAX_TIMEOUT_MS } from "../time/clock.ts";
import { Notifier, type Readiness } from "./readiness.ts";

/** A source that becomes ready once, after a delay. */
export class Timer implements Readiness {
	readonly #notifier = new Notifier();
	readonly #timeout: NodeJS.Timeout;
	#fired = false;

	/** @param ms Milliseconds. Values above 2^31 - 1 (about 24.8 days) count as 2^31 - 1, the limit of `setTimeout`. */
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

	/** Cancels the timer, which then never becomes ready. */
	[Symbol.dispose](): void {
		clearTimeout(this.#timeout);
	}
}
