import { FairQueue } from "../../collections/fair-queue.ts";
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
	/** Id of the guest. Guests take turns. The default is the embedder. */
	readonly guest?: string;
}

interface Waiter {
	/** Returns true if the request has acquired what it waits for, and has left the queue. */
	readonly tryNow: () => boolean;
	readonly canUse: (instance: Instance) => boolean;
	/** Ends the wait without an acquisition. */
	readonly giveUp: () => void;
}

/**
 * Bounds the acquisitions that one notification tries. The first request may not be able to use the room; each try costs a decision, and
 * a queue of thousands must not try all of them.
 */
const MAX_ASKED = 64;

/**
 * The requests that wait, up to a limit. Guests take turns; the requests of one guest are served in their order. If the queue is full, a
 * guest with fewer pending requests displaces the last request of the guest with the most. Otherwise one guest could hold all places.
 */
export class PendingQueue {
	readonly #clock: Clock;
	#capacity: number;
	/** By guest. */
	readonly #waiters = new FairQueue<Waiter>();

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

	/** Returns true if a further request of a guest may wait. Callers check it before `wait`. */
	hasRoomFor(guest: string): boolean {
		return this.size < this.#capacity || this.#waiters.canEvictFor(guest);
	}

	/**
	 * Waits until the request acquires what it waits for. Resolves to `undefined` if `waitUntil` passes first, or if a request of another
	 * guest takes its place.
	 *
	 * @throws The reason of `signal` when that is aborted.
	 */
	wait<T>({ tryAcquire, canUse = () => true, nextAvailableAt, waitUntil, signal, guest = "" }: PendingRequest<T>): Promise<T | undefined> {
		return new Promise((resolve, reject) => {
			let cancelTimer = (): void => {};
			const remove = (): void => {
				cancelTimer();
				this.#waiters.remove(guest, waiter);
				signal.removeEventListener("abort", onAbort);
			};
			const onAbort = (): void => {
				remove();
				reject(signal.reason);
			};
			const waiter: Waiter = {
				canUse,
				giveUp: () => {
					remove();
					resolve(undefined);
				},
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
					waiter.giveUp();
					return;
				}
				// If another request took the chance, the same time must not wake this one again at once.
				const at = Math.min(waitUntil, Math.max(nextAvailableAt(), now + 1));
				cancelTimer = this.#clock.after(at - now, wake);
			};
			if (signal.aborted) return reject(signal.reason);
			if (this.size >= this.#capacity) this.#waiters.evictFor(guest)?.giveUp();
			this.#waiters.add(guest, waiter);
			signal.addEventListener("abort", onAbort, { once: true });
			const now = this.#clock.now();
			cancelTimer = this.#clock.after(Math.max(0, Math.min(waitUntil, Math.max(nextAvailableAt(), now)) - now), wake);
		});
	}

	/**
	 * Offers room to the pending requests, guest by guest. Returns true if one has taken it.
	 *
	 * @param instance The instance that has room. Without it, any instance may have.
	 */
	notify(instance?: Instance): boolean {
		if (this.#waiters.size === 0) return false;
		let asked = 0;
		for (const [guest, waiter] of this.#waiters.inTurn()) {
			if (instance !== undefined && !waiter.canUse(instance)) continue;
			if (waiter.tryNow()) {
				this.#waiters.endTurn(guest);
				return true;
			}
			asked += 1;
			if (asked === MAX_ASKED) return false;
		}
		return false;
	}
}
