import type { Clock } from "../../time/clock.ts";
import type { Instance } from "../instances/instance.ts";

/** A request that waits for an instance to have room for it, or to come back. */
export interface PendingRequest<T> {
	/** Takes a place if there is one now; `undefined` when there is none. */
	readonly take: () => T | undefined;
	/** Whether a place at this one would be of use to it now: asked of everybody who waits, so it costs next to nothing. */
	readonly wants?: (place: Instance) => boolean;
	/** When a place may come about by itself, although nobody tells: `Infinity` when it will not. */
	readonly nextChance: () => number;
	/** When it has waited long enough. */
	readonly until: number;
	readonly signal: AbortSignal;
}

interface Waiting {
	/** Tries once. Gives whether it has left the room. */
	readonly tryNow: () => boolean;
	readonly wants: (place: Instance) => boolean;
}

/** How many of those waiting are asked when one place has come free: it may not be of use to the first. */
const MAX_ASKED = 64;

/** Requests that wait, first come first served, as many as are allowed. */
export class PendingQueue {
	readonly #clock: Clock;
	#most: number;
	readonly #waiting = new Set<Waiting>();

	constructor(clock: Clock, most: number) {
		this.#clock = clock;
		this.#most = most;
	}

	/** From now on so many may wait; those who do already stay. */
	resize(most: number): void {
		this.#most = most;
	}

	get size(): number {
		return this.#waiting.size;
	}

	get full(): boolean {
		return this.#waiting.size >= this.#most;
	}

	/** Resolves with a place, or with `undefined` when the time is up; rejects with the signal's reason when that is aborted. */
	wait<T>({ take, wants = () => true, nextChance, until, signal }: PendingRequest<T>): Promise<T | undefined> {
		return new Promise((resolve, reject) => {
			let cancelTimer = (): void => {};
			const leave = (): void => {
				cancelTimer();
				this.#waiting.delete(waiting);
				signal.removeEventListener("abort", onAbort);
			};
			const onAbort = (): void => {
				leave();
				reject(signal.reason);
			};
			const waiting: Waiting = {
				wants,
				tryNow: () => {
					const place = take();
					if (place === undefined) return false;
					leave();
					resolve(place);
					return true;
				},
			};
			const wake = (): void => {
				if (waiting.tryNow()) return;
				const now = this.#clock.now();
				if (now >= until) {
					leave();
					resolve(undefined);
					return;
				}
				// A chance that has passed unused, say because another took it, is not waited for at once again.
				const at = Math.min(until, Math.max(nextChance(), now + 1));
				cancelTimer = this.#clock.after(at - now, wake);
			};
			if (signal.aborted) return reject(signal.reason);
			this.#waiting.add(waiting);
			signal.addEventListener("abort", onAbort, { once: true });
			const now = this.#clock.now();
			cancelTimer = this.#clock.after(Math.max(0, Math.min(until, Math.max(nextChance(), now)) - now), wake);
		});
	}

	/** A place has come free, at this one if it is known: the first who can use it takes it. Gives whether anybody did. */
	notify(place?: Instance): boolean {
		let asked = 0;
		for (const waiting of this.#waiting) {
			if (place !== undefined && !waiting.wants(place)) continue;
			if (waiting.tryNow()) return true;
			asked += 1;
			if (asked === MAX_ASKED) return false;
		}
		return false;
	}
}
