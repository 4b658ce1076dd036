import { FairQueue } from "../../../collections/fair-queue.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import { GuestPlaces } from "./guest-places.ts";

/** A request that waits for the model. */
interface Waiting {
	readonly start: () => void;
	readonly refuse: () => void;
}

/**
 * Order of the requests of one model or engine, which serves one request at once, or a few. Guests take turns, and the requests of one guest run
 * in the order of their arrival. The number of waiting requests is bounded: each holds its conversation in memory. If the queue is full, a guest
 * with fewer waiting requests displaces the last request of the guest with the most.
 */
export class RequestQueue {
	readonly #max: number;
	readonly #waiting = new FairQueue<Waiting>();
	/** Places of running requests. */
	readonly #running: GuestPlaces;
	/** Guest of the request that started last. Others go first, so that a guest that enters again for each step has every second turn. */
	#latest: string | undefined;
	readonly #hasRoom = (guest: string): boolean => this.#running.hasRoom(guest);
	#idle = Promise.resolve();
	#becomesIdle: (() => void) | undefined;

	/** @param max Most waiting requests. @param concurrent Most running requests. The default is 1. */
	constructor(max: number, concurrent = 1) {
		this.#max = max;
		this.#running = new GuestPlaces(concurrent);
	}

	/** True while a request runs or waits. */
	get isBusy(): boolean {
		return this.#running.count > 0;
	}

	/** Resolves once no request runs. Call it after the signals of all requests were aborted. */
	get idle(): Promise<void> {
		return this.#idle;
	}

	/**
	 * Waits for the engine. Returns a function that releases it; the second call of the function has no effect.
	 *
	 * @param guest Id of the guest. The default is the embedder.
	 * @throws SpearError `rate_limited` if too many requests wait; the signal's error once that is aborted.
	 */
	async enter(signal: AbortSignal, guest = ""): Promise<() => void> {
		if (signal.aborted) throw abortError(signal);
		if (this.#hasRoom(guest)) this.#begin(guest);
		else await this.#wait(signal, guest);
		let released = false;
		return () => {
			if (released) return;
			released = true;
			this.#end(guest);
		};
	}

	#begin(guest: string): void {
		this.#running.add(guest);
		this.#latest = guest;
		if (this.#becomesIdle !== undefined) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#idle = promise;
		this.#becomesIdle = resolve;
	}

	#end(guest: string): void {
		this.#running.remove(guest);
		for (;;) {
			const next = this.#waiting.take((owner) => owner !== this.#latest && this.#hasRoom(owner)) ?? this.#waiting.take(this.#hasRoom);
			if (next === undefined) break;
			next.start();
		}
		if (this.#running.count > 0) return;
		this.#becomesIdle?.();
		this.#becomesIdle = undefined;
	}

	#wait(signal: AbortSignal, guest: string): Promise<void> {
		if (this.#waiting.size >= this.#max) {
			const displaced = this.#waiting.evictFor(guest);
			if (displaced === undefined) throw this.#refusal(`${this.#max} further requests wait for it`);
			displaced.refuse();
		}
		return new Promise((resolve, reject) => {
			const leave = (): void => {
				this.#waiting.remove(guest, waiting);
				reject(abortError(signal));
			};
			const waiting: Waiting = {
				start: () => {
					signal.removeEventListener("abort", leave);
					this.#begin(guest);
					resolve();
				},
				refuse: () => {
					signal.removeEventListener("abort", leave);
					reject(this.#refusal("a request of another guest has the last place of those that wait"));
				},
			};
			signal.addEventListener("abort", leave, { once: true });
			this.#waiting.add(guest, waiting);
		});
	}

	/** Counts against the request alone: a place is free as soon as another request ends, which no cooldown knows. */
	#refusal(reason: string): SpearError {
		return new SpearError("rate_limited", `the model is busy, and ${reason}; try again later`, { attribution: "request" });
	}
}
