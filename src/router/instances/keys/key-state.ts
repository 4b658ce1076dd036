/**
 * Time for which a rejected key is not used, in milliseconds: at first, and at most. Each further rejection doubles it. A change of the
 * key's value ends it. The first time is short because some upstreams answer an invalid request with 403 too.
 */
const REJECTED = { baseMs: 30_000, maxMs: 600_000 } as const;

/**
 * Cooldown of a key after a 429 without `Retry-After`, in milliseconds: at first, and at most. Each further one doubles it. Most quotas
 * refill within a minute.
 */
const COOLDOWN = { baseMs: 1_000, maxMs: 60_000 } as const;

/** Bounds the exponent of the doubled times. Beyond it every time is at its maximum. */
const MAX_DOUBLINGS = 30;

/** A time for which one value of a key must not be used. Another value is another key. */
interface Unavailability {
	readonly value: string | undefined;
	/** In milliseconds of the router's clock. */
	readonly until: number;
}

/** Rejection and cooldown of a key. Every method gets the current value of the key: the state of an earlier value does not count. */
export class KeyState {
	#cooldown: Unavailability = { value: undefined, until: 0 };
	/** Cooldowns since the last success. */
	#cooldowns = 0;
	#rejected: Unavailability | undefined;
	/** Rejections since the last success. */
	#rejections = 0;

	isRejected(now: number, value: string | undefined): boolean {
		if (this.#rejected === undefined) return false;
		if (now >= this.#rejected.until || value !== this.#rejected.value) this.#rejected = undefined;
		return this.#rejected !== undefined;
	}

	/** Returns the rest of the cooldown, in milliseconds; 0 for none. */
	cooldownMs(now: number, value: string | undefined): number {
		return this.#cooldown.value === value ? Math.max(0, this.#cooldown.until - now) : 0;
	}

	/** Returns the time from which the key may be used: 0 for now. */
	unavailableUntil(now: number, value: string | undefined): number {
		if (this.isRejected(now, value)) return this.#rejected?.until ?? Number.POSITIVE_INFINITY;
		return this.cooldownMs(now, value) > 0 ? this.#cooldown.until : 0;
	}

	/** Records a success: the next cooldown or rejection starts with its first time. */
	recordSuccess(): void {
		this.#cooldowns = 0;
		this.#rejections = 0;
	}

	/** Records a rejection. Concurrent requests are rejected together: they count as one rejection. */
	markRejected(now: number, value: string | undefined): void {
		if (this.isRejected(now, value)) return;
		const ms = Math.min(REJECTED.maxMs, REJECTED.baseMs * 2 ** Math.min(this.#rejections, MAX_DOUBLINGS));
		this.#rejections += 1;
		this.#rejected = { value, until: now + ms };
	}

	/** Records that the upstream asked to wait for `ms`, or that a quota is exhausted without a known time. */
	coolDown(now: number, ms: number | undefined, value: string | undefined): void {
		const coolsDown = this.cooldownMs(now, value) > 0;
		if (!coolsDown) this.#cooldowns += 1;
		const ownMs = Math.min(COOLDOWN.maxMs, COOLDOWN.baseMs * 2 ** Math.min(this.#cooldowns - 1, MAX_DOUBLINGS));
		// Concurrent requests get a 429 together: those without a time must not prolong the first cooldown.
		if (ms !== undefined || !coolsDown) this.coolDownUntil(now + (ms ?? ownMs), value);
	}

	/** Excludes the key until then. Never shortens a cooldown. */
	coolDownUntil(then: number, value: string | undefined): void {
		const until = this.#cooldown.value === value ? Math.max(this.#cooldown.until, then) : then;
		this.#cooldown = { value, until };
	}
}
