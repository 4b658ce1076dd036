import type { SpearError } from "../errors/spear-error.ts";

/** Timer of an exchange. Restarted for each step; calls back if a step takes too long. */
export class Watchdog {
	readonly #onTimeout: (error: SpearError) => void;
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;

	constructor(onTimeout: (error: SpearError) => void) {
		this.#onTimeout = onTimeout;
	}

	/**
	 * Replaces the running timer by one of `ms` milliseconds. 0 means no limit. Has no effect after `stop`.
	 *
	 * @param error Makes the error of the timeout.
	 */
	watch(ms: number, error: () => SpearError): void {
		this.clear();
		if (ms > 0 && !this.#stopped) this.#timer = setTimeout(() => this.#onTimeout(error()), ms);
	}

	/** Ends the running timer. */
	clear(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	/** Ends the running timer for good: later calls of `watch` have no effect. */
	stop(): void {
		this.#stopped = true;
		this.clear();
	}
}
