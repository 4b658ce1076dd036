import type { SpearError } from "../errors/spear-error.ts";

/** One timer that is set anew for each thing waited for, and aborts when that does not come in time. */
export class Watchdog {
	readonly #bite: (error: SpearError) => void;
	#timer: NodeJS.Timeout | undefined;
	#retired = false;

	constructor(bite: (error: SpearError) => void) {
		this.#bite = bite;
	}

	/** Starts to wait for the next thing, at most `ms`; 0 means without end. */
	watch(ms: number, error: () => SpearError): void {
		this.clear();
		if (ms > 0 && !this.#retired) this.#timer = setTimeout(() => this.#bite(error()), ms);
	}

	/** The thing came, or is not waited for any more. */
	clear(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	/** Nothing is waited for any more, whatever `watch` is told later. */
	stop(): void {
		this.#retired = true;
		this.clear();
	}
}
