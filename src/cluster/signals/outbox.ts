import type { Clock } from "../../time/clock.ts";
import { subjectOf } from "../hint-form.ts";
import { HINT_LIMITS, type Hint } from "../hints.ts";

/**
 * Rate of calls: a burst, calls per second over a longer time, and the least pause between two, in milliseconds. The first hints of an outage leave at
 * once. A backend that alternates between success and failure costs two calls a second.
 */
const CALLS = { burst: 20, perSecond: 2, pauseMs: 10 } as const;

/** Hints that wait to be published. Of several hints on one subject the last one is sent. */
export class Outbox {
	readonly #clock: Clock;
	readonly #send: (hints: readonly Hint[]) => Promise<void>;
	readonly #waiting = new Map<string, Hint>();
	#credit: number = CALLS.burst;
	#creditAt: number;
	#isBusy = false;
	#cancel: (() => void) | undefined;
	#closed = false;

	/** @param send Publishes hints. Must not reject. */
	constructor(clock: Clock, send: (hints: readonly Hint[]) => Promise<void>) {
		this.#clock = clock;
		this.#send = send;
		this.#creditAt = clock.now();
	}

	/** Adds a hint. Hints of the same turn of the event loop leave together. */
	add(hint: Hint): void {
		if (this.#closed) return;
		const subject = subjectOf(hint);
		// Deleted first, so that the order of the map is that of the last changes.
		this.#waiting.delete(subject);
		this.#waiting.set(subject, hint);
		for (const [oldest] of this.#waiting) {
			if (this.#waiting.size <= HINT_LIMITS.perHost) break;
			this.#waiting.delete(oldest);
		}
		this.#schedule(0);
	}

	close(): void {
		this.#closed = true;
		this.#cancel?.();
		this.#waiting.clear();
	}

	#schedule(pauseMs: number): void {
		if (this.#closed || this.#isBusy || this.#cancel !== undefined || this.#waiting.size === 0) return;
		const now = this.#clock.now();
		this.#credit = Math.min(CALLS.burst, this.#credit + ((now - this.#creditAt) / 1_000) * CALLS.perSecond);
		this.#creditAt = now;
		const waitMs = this.#credit >= 1 ? pauseMs : ((1 - this.#credit) / CALLS.perSecond) * 1_000;
		if (waitMs === 0) {
			this.#isBusy = true;
			queueMicrotask(() => void this.#flush());
			return;
		}
		this.#cancel = this.#clock.after(waitMs, () => {
			this.#cancel = undefined;
			this.#isBusy = true;
			void this.#flush();
		});
	}

	async #flush(): Promise<void> {
		const hints: Hint[] = [];
		for (const [subject, hint] of this.#waiting) {
			if (hints.length === HINT_LIMITS.perCall) break;
			this.#waiting.delete(subject);
			hints.push(hint);
		}
		this.#credit -= 1;
		if (hints.length > 0 && !this.#closed) await this.#send(hints);
		this.#isBusy = false;
		this.#schedule(CALLS.pauseMs);
	}
}
