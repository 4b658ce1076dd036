import type { SpearError } from "../errors/spear-error.ts";

/**
 * Time limit of the steps of an exchange, one after the other. Calls back if a step takes too long. All steps share one timer of Node, which is
 * replaced only by a shorter limit: most steps end long before their limit. The timer does not keep the process alive, because the socket of
 * the exchange does while there is something to wait for.
 */
export class Watchdog {
	readonly #onTimeout: (error: SpearError) => void;
	#timer: NodeJS.Timeout | undefined;
	/** Time at which the timer fires. */
	#firesAt = 0;
	/** Time at which the step must have ended. `Infinity` without a limit. */
	#deadline = Number.POSITIVE_INFINITY;
	#error: ((ms: number) => SpearError) | undefined;
	#ms = 0;
	#stopped = false;

	constructor(onTimeout: (error: SpearError) => void) {
		this.#onTimeout = onTimeout;
	}

	/**
	 * Replaces the limit of the current step by one of `ms` milliseconds. 0 means no limit. Has no effect after `stop`.
	 *
	 * @param error Makes the error of the timeout. Called with `ms`.
	 */
	watch(ms: number, error: (ms: number) => SpearError): void {
		if (ms <= 0 || this.#stopped) {
			this.clear();
			return;
		}
		const now = performance.now();
		this.#deadline = now + ms;
		this.#error = error;
		this.#ms = ms;
		if (this.#timer !== undefined && this.#firesAt <= this.#deadline) return;
		clearTimeout(this.#timer);
		this.#start(ms, now);
	}

	/** Ends the limit of the current step. */
	clear(): void {
		this.#deadline = Number.POSITIVE_INFINITY;
	}

	/** Ends the timer for good: later calls of `watch` have no effect. */
	stop(): void {
		this.#stopped = true;
		this.clear();
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#start(ms: number, now: number): void {
		this.#firesAt = now + ms;
		this.#timer = setTimeout(() => this.#fire(), ms);
		this.#timer.unref();
	}

	#fire(): void {
		this.#timer = undefined;
		if (this.#deadline === Number.POSITIVE_INFINITY) return;
		const now = performance.now();
		// Timers of Node may fire up to a millisecond early.
		const left = this.#deadline - now;
		if (left >= 1) {
			this.#start(left, now);
			return;
		}
		const error = this.#error;
		this.clear();
		if (error !== undefined) this.#onTimeout(error(this.#ms));
	}
}
