import type { Clock } from "../../time/clock.ts";
import type { Charge, LimitStore, Refusal, Reservation } from "./limit-store.ts";
import { TokenBucket } from "./token-bucket.ts";

/**
 * Number of buckets from which a new one first deletes those that are no longer needed. Guests without a name are new ones each time, so
 * their buckets would grow without bound.
 */
const SWEEP_AT = 10_000;

/** Counts rates and budgets in this process. */
export class MemoryLimitStore implements LimitStore {
	readonly #clock: Clock;
	readonly #buckets = new Map<string, { readonly content: TokenBucket; forgetAt: number }>();
	#sweepAt = SWEEP_AT;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	reserve(charges: readonly Charge[]): Reservation | Refusal {
		const now = this.#clock.now();
		const buckets = charges.map((charge) => this.#bucket(charge, now));
		for (const [index, { bucket, amount }] of charges.entries()) {
			const waitMs = buckets[index]?.msUntil(amount, now) ?? 0;
			if (waitMs > 0) return { granted: false, bucket, retryAfterMs: Number.isFinite(waitMs) ? Math.ceil(waitMs) : undefined };
		}
		const drawn = charges.map(({ amount }, index) => buckets[index]?.draw(amount, now) ?? 0);
		let settled = false;
		return {
			granted: true,
			settle: (actual) => {
				if (settled) return;
				settled = true;
				const then = this.#clock.now();
				for (const [index, bucket] of buckets.entries()) {
					const amount = actual[index];
					if (amount !== undefined) bucket.settle(drawn[index] ?? 0, amount, then);
				}
			},
		};
	}

	/** Returns the level of a bucket; `undefined` for one that was never drawn from. */
	level(bucket: string): number | undefined {
		return this.#buckets.get(bucket)?.content.level(this.#clock.now());
	}

	#bucket({ bucket, capacity, perMs, forgetAfterMs = Number.POSITIVE_INFINITY }: Charge, now: number): TokenBucket {
		const forgetAt = now + forgetAfterMs;
		const existing = this.#buckets.get(bucket);
		if (existing !== undefined && existing.content.capacity === capacity) {
			existing.forgetAt = forgetAt;
			return existing.content;
		}
		if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
		// Another capacity comes from a new configuration. A budget stays spent; a rate starts full, because it would refill soon anyway.
		const resized = perMs === 0 ? existing?.content.resized(capacity, perMs, now) : undefined;
		const content = resized ?? new TokenBucket(capacity, perMs, now);
		this.#buckets.set(bucket, { content, forgetAt });
		return content;
	}

	/** Deletes the buckets that are full, which a new one would be too, and the budgets whose time is over. */
	#sweep(now: number): void {
		for (const [key, { content, forgetAt }] of this.#buckets) {
			if (now >= forgetAt || content.msUntil(content.capacity, now) === 0) this.#buckets.delete(key);
		}
		// Otherwise each new bucket would look at all of them again if few could be deleted.
		this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
	}
}
