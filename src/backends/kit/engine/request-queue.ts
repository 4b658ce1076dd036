import { abortError, SpearError } from "../../../errors/spear-error.ts";

/** A request that waits for the model. */
interface Waiting {
	readonly start: () => void;
}

/**
 * Order of the requests of one model or engine, which serves one request at once, or a few. Requests run in the order of their arrival. The number of waiting
 * requests is bounded: each holds its conversation in memory.
 */
export class RequestQueue {
	readonly #max: number;
	readonly #concurrent: number;
	readonly #waiting = new Set<Waiting>();
	/** Number of running requests. */
	#running = 0;
	#idle = Promise.resolve();
	#becomesIdle: (() => void) | undefined;

	/** @param max Most waiting requests. @param concurrent Most running requests. The default is 1. */
	constructor(max: number, concurrent = 1) {
		this.#max = max;
		this.#concurrent = concurrent;
	}

	/** True while a request runs or waits. */
	get isBusy(): boolean {
		return this.#running > 0;
	}

	/** Resolves once no request runs. Call it after the signals of all requests were aborted. */
	get idle(): Promise<void> {
		return this.#idle;
	}

	/**
	 * Waits for the engine. Returns a function that releases it; the second call of the function has no effect.
	 *
	 * @throws SpearError `rate_limited` if too many requests wait; the signal's error once that is aborted.
	 */
	async enter(signal: AbortSignal): Promise<() => void> {
		if (signal.aborted) throw abortError(signal);
		if (this.#running >= this.#concurrent) await this.#wait(signal);
		else this.#begin();
		let released = false;
		return () => {
			if (released) return;
			released = true;
			this.#next();
		};
	}

	#begin(): void {
		if (this.#running++ > 0) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#idle = promise;
		this.#becomesIdle = resolve;
	}

	#next(): void {
		const [first] = this.#waiting;
		if (first !== undefined) {
			this.#waiting.delete(first);
			first.start();
			return;
		}
		if (--this.#running === 0) this.#becomesIdle?.();
	}

	#wait(signal: AbortSignal): Promise<void> {
		if (this.#waiting.size >= this.#max) {
			throw new SpearError("rate_limited", `the model is busy, and ${this.#max} further requests wait for it; try again later`);
		}
		return new Promise((resolve, reject) => {
			const leave = (): void => {
				this.#waiting.delete(waiting);
				reject(abortError(signal));
			};
			const waiting: Waiting = {
				start: () => {
					signal.removeEventListener("abort", leave);
					resolve();
				},
			};
			signal.addEventListener("abort", leave, { once: true });
			this.#waiting.add(waiting);
		});
	}
}
