import type { Clock } from "../../time/clock.ts";
import type { Instance } from "../instances/instance.ts";

/** A request that waits for an instance to have room or to become available. */
export interface PendingRequest<T> {
	/** Acquires what the request waits for; `undefined` if it is not available now. Must not throw. */
	readonly tryAcquire: () => T | undefined;
	/** Returns true if room at this instance would help the request now. Must be cheap: it is called for every pending request. */
	readonly canUse?: (instance: Instance) => boolean;
	/** Returns the time at which the request may succeed without a notification. `Infinity` for an unknown time. */
	readonly nextAvailableAt: () => number;
	/** Time at which the request stops waiting. */
	readonly waitUntil: number;
	/** Cancels the wait. */
	readonly signal: AbortSignal;
}

interface Waiter {
	/** Returns true if the request has acquired what it waits for, and has left the queue. */
	readonly tryNow: () => boolean;
	readonly canUse: (instance: Instance) => boolean;
}

/**
 * Bounds the acquisitions that one notification tries. The first request may not be able to use the room; each try costs a decision, and
 * a queue of thousands must not try all of them.
 */
const MAX_ASKED = 64;

/** The requests that wait, first come first served, up to a limit. */
export class PendingQueue {
	readonly #clock: Clock;
	#capacity: number;
	readonly #waiters = new Set<Waiter>();

	/** @param capacity Limit of pending requests. */
	constructor(clock: Clock, capacity: number) {
		this.#clock = clock;
		this.#capacity = capacity;
	}

	/** Replaces the limit. Requests that are pending already stay. */
	resize(capacity: number): void {
		this.#capacity = capacity;
	}

	get size(): number {
		return this.#waiters.size;
	}

	/** True if no further request may wait. Callers check it before `wait`. */
	get full(): boolean {
		return this.#waiters.size >= this.#capacity;
	}

	/**
	 * Waits until the request acquires what it waits for. Resolves to `undefined` if `waitUntil` passes first.
	 *
	 * @throws The reason of `signal` when that is aborted.
	 */
	wait<T>({ tryAcquire, canUse = () => true, nextAvailableAt, waitUntil, signal }: PendingRequest<T>): Promise<T | undefined> {
		return new Promise((resolve, reject) => {
			let cancelTimer = (): void => {};
			const remove = (): void => {
				cancelTimer();
				this.#waiters.delete(waiter);
				signal.removeEventListener("abort", onAbort);
			};
			const onAbort = (): void => {
				remove();
				reject(signal.reason);
			};
			const waiter: Waiter = {
				canUse,
				tryNow: () => {
					const acquired = tryAcquire();
					if (acquired === undefined) return false;
					remove();
					resolve(acquired);
					return true;
				},
			};
			const wake = (): void => {
				if (waiter.tryNow()) return;
				const now = this.#clock.now();
				if (now >= waitUntil) {
					remove();
					resolve(undefined);
					return;
				}
				// If another request took the chance, the same time must not wake this one again at once.
				const at = Math.min(waitUntil, Math.max(nextAvailableAt(), now + 1));
				cancelTimer = this.#clock.after(at - now, wake);
			};
			if (signal.aborted) return reject(signal.reason);
			this.#waiters.add(waiter);
			signal.addEventListener("abort", onAbort, { once: true });
			const now = this.#clock.now();
			cancelTimer = this.#clock.after(Math.max(0, Math.min(waitUntil, Math.max(nextAvailableAt(), now)) - now), wake);
		});
	}

	/**
	 * Offers room to the pending requests in order. Returns true if one has taken it.
	 *
	 * @param instance The instance that has room. Without it, any instance may have.
	 */
	notify(instance?: Instance): boolean {
		let asked = 0;
		for (const waiter of this.#waiters) {
			if (instance !== undefined && !waiter.canUse(instance)) continue;
			if (waiter.tryNow()) return true;
			asked += 1;
			if (asked === MAX_ASKED) return false;
		}
		return false;
	}
}
