import type { Clock } from "../../time/clock.ts";
import type { Charge, LimitStore, Refusal, Reservation } from "./limit-store.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Buckets beyond this are looked through for full ones, which may go since a new one would be full too, and for those that are over. */
const SWEEP_AT = 10_000;

/** Rates and budgets of one process. */
export class MemoryLimitStore implements LimitStore {
	readonly #clock: Clock;
	readonly #buckets = new Map<string, { readonly level: TokenBucket; forgetAt: number }>();
	#sweepAt = SWEEP_AT;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	reserve(charges: readonly Charge[]): Reservation | Refusal {
		const now = this.#clock.now();
		const buckets = charges.map((charge) => this.#bucket(charge, now));
		for (const [index, { bucket, amount }] of charges.entries()) {
			const wait = buckets[index]?.msUntil(amount, now) ?? 0;
			if (wait > 0) return { granted: false, bucket, retryAfterMs: Number.isFinite(wait) ? Math.ceil(wait) : undefined };
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
					const came = actual[index];
					if (came !== undefined) bucket.settle(drawn[index] ?? 0, came, then);
				}
			},
		};
	}

	/** What a bucket holds now; `undefined` for one nobody has drawn on. */
	level(bucket: string): number | undefined {
		return this.#buckets.get(bucket)?.level.level(this.#clock.now());
	}

	#bucket({ bucket, capacity, perMs, forgetAfterMs = Number.POSITIVE_INFINITY }: Charge, now: number): TokenBucket {
		const forgetAt = now + forgetAfterMs;
		const found = this.#buckets.get(bucket);
		// Another capacity comes from a new configuration.
		if (found !== undefined && found.level.capacity === capacity) {
			found.forgetAt = forgetAt;
			return found.level;
		}
		if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
		// What was drawn for a while is made up for soon; a budget that is given once stays spent.
		const level = found !== undefined && perMs === 0 ? found.level.resized(capacity, perMs, now) : new TokenBucket(capacity, perMs, now);
		this.#buckets.set(bucket, { level, forgetAt });
		return level;
	}

	#sweep(now: number): void {
		for (const [key, { level, forgetAt }] of this.#buckets) {
			if (now >= forgetAt || level.msUntil(level.capacity, now) === 0) this.#buckets.delete(key);
		}
		this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#buckets.size);
	}
}
