import type { AdminEvent } from "../api.ts";

/** Events that are kept for clients that reconnect. As many as one subscriber may have waiting. */
const KEPT = 500;

/** Events that wait for one subscriber. Further ones are lost, and counted. */
const MAX_WAITING = 500;

/** Open subscriptions. */
const MAX_SUBSCRIBERS = 64;

/** An event with the id that a client may resume after. */
export interface NumberedEvent {
	readonly id: string;
	readonly event: AdminEvent;
}

interface Kept {
	readonly number: number;
	readonly event: AdminEvent;
}

/** Distributes events to subscribers. Each has a bounded queue, so that a slow one costs no more and holds up no other. */
export class EventHub {
	/** Part of every id. Ids of an earlier process are none of this one. */
	readonly #epoch: string;
	readonly #now: () => number;
	readonly #kept: Kept[] = [];
	readonly #subscribers = new Set<Subscription>();
	#number = 0;

	/**
	 * @param epoch Differs from that of every earlier process.
	 * @param now Returns milliseconds since 1970.
	 */
	constructor(epoch: string, now: () => number) {
		this.#epoch = epoch;
		this.#now = now;
	}

	/** Number of open subscriptions. */
	get subscribers(): number {
		return this.#subscribers.size;
	}

	publish(event: AdminEvent): void {
		this.#number += 1;
		const kept = { number: this.#number, event };
		this.#kept.push(kept);
		if (this.#kept.length > KEPT) this.#kept.shift();
		for (const subscriber of this.#subscribers) subscriber.offer(kept);
	}

	/**
	 * Begins a subscription; `undefined` if there are too many.
	 *
	 * @param wanted Returns true for the events that the subscriber wants.
	 * @param lastId Id of the last event that the subscriber has received. `undefined` for a new one, which receives later events only.
	 */
	subscribe(wanted: (event: AdminEvent) => boolean, lastId: string | undefined): Subscription | undefined {
		if (this.#subscribers.size >= MAX_SUBSCRIBERS) return undefined;
		const subscription = new Subscription({
			wanted,
			idOf: (number) => `${this.#epoch}-${number}`,
			now: this.#now,
			onClose: (closed) => this.#subscribers.delete(closed),
		});
		if (lastId !== undefined) this.#replay(subscription, lastId);
		this.#subscribers.add(subscription);
		return subscription;
	}

	#replay(subscription: Subscription, lastId: string): void {
		const separator = lastId.lastIndexOf("-");
		const last = Number(lastId.slice(separator + 1));
		if (lastId.slice(0, separator) !== this.#epoch || !(Number.isSafeInteger(last) && last >= 0 && last <= this.#number)) {
			subscription.lose(undefined);
			return;
		}
		const first = this.#kept[0]?.number ?? this.#number + 1;
		if (last + 1 < first) subscription.lose(first - last - 1);
		for (const kept of this.#kept) if (kept.number > last) subscription.offer(kept);
	}
}

interface SubscriptionOptions {
	readonly wanted: (event: AdminEvent) => boolean;
	readonly idOf: (number: number) => string;
	readonly now: () => number;
	readonly onClose: (subscription: Subscription) => void;
}

/** The events for one subscriber. */
export class Subscription {
	readonly #options: SubscriptionOptions;
	readonly #waiting: Kept[] = [];
	/** Lost events that the subscriber does not know of. `undefined` for an unknown number. */
	#lost: number | undefined = 0;
	#lastNumber = 0;
	#wake: (() => void) | undefined;
	#closed = false;

	constructor(options: SubscriptionOptions) {
		this.#options = options;
	}

	/** Adds an event if it is wanted. */
	offer(kept: Kept): void {
		if (!this.#options.wanted(kept.event)) return;
		if (this.#waiting.length >= MAX_WAITING) {
			this.lose(1);
			return;
		}
		this.#waiting.push(kept);
		this.#wake?.();
	}

	/** @param count Number of lost events. `undefined` for an unknown number. */
	lose(count: number | undefined): void {
		this.#lost = count === undefined || this.#lost === undefined ? undefined : this.#lost + count;
	}

	/** Returns the events that wait, after the gap before them; none after `timeoutMs` without any, and after `close`. */
	async next(timeoutMs: number): Promise<readonly NumberedEvent[]> {
		if (this.#waiting.length === 0 && this.#lost === 0 && !this.#closed) await this.#wait(timeoutMs);
		const gap = this.#takeGap();
		const events = this.#waiting.splice(0);
		this.#lastNumber = events.at(-1)?.number ?? this.#lastNumber;
		return [...gap, ...events.map(({ number, event }) => ({ id: this.#options.idOf(number), event }))];
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Ends the subscription. Safe to call twice. */
	close(): void {
		this.#closed = true;
		this.#waiting.length = 0;
		this.#lost = 0;
		this.#options.onClose(this);
		this.#wake?.();
	}

	/** Events are lost behind those that wait, or before the first one. A client cannot tell the difference, and reloads in both cases. */
	#takeGap(): NumberedEvent[] {
		if (this.#lost === 0) return [];
		const event: AdminEvent = { type: "gap", at_ms: this.#options.now(), ...(this.#lost === undefined ? {} : { missed: this.#lost }) };
		this.#lost = 0;
		return [{ id: this.#options.idOf(this.#lastNumber), event }];
	}

	async #wait(timeoutMs: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, timeoutMs);
			timer.unref();
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
		this.#wake = undefined;
	}
}
