import { DecayingCount } from "./decaying-count.ts";

/** The source of one key. */
export interface KeySource {
	/** Returns the current key; `undefined` if it is not set. Called for each request, so that a rotated key takes effect at once. */
	read(): string | undefined;
	/**
	 * Name of the key, such as its environment variable, for the host's log and for embedders. Never reaches a guest. The default is the
	 * position of the key.
	 */
	readonly name?: string;
}

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

/** An API key of an instance, and its state. An instance that needs no key has one without a source. */
export class Key {
	/** Position among the instance's keys, from 1. Logs and explanations identify the key by it. */
	readonly number: number;
	readonly #source: KeySource | undefined;
	readonly #errors = new DecayingCount();
	#cooldown: Unavailability = { value: undefined, until: 0 };
	/** Cooldowns since the last success. */
	#cooldowns = 0;
	#rejected: Unavailability | undefined;
	/** Rejections since the last success. */
	#rejections = 0;

	constructor(number: number, source: KeySource | undefined) {
		this.number = number;
		this.#source = source;
	}

	/** Name for the host's log and for embedders. Never reaches a guest. `undefined` for an instance that needs no key. */
	get name(): string | undefined {
		return this.#source === undefined ? undefined : (this.#source.name ?? `key ${this.number}`);
	}

	/** True if the key is set, and for an instance that needs none. */
	get present(): boolean {
		return this.#source === undefined || this.#source.read() !== undefined;
	}

	/** The current value; `undefined` if the key is not set or the instance needs none. */
	get value(): string | undefined {
		return this.#source?.read();
	}

	/** Returns true if the upstream rejected the current value and the key is not to be tried again yet. */
	isRejected(now: number): boolean {
		if (this.#rejected === undefined) return false;
		if (now >= this.#rejected.until || this.#source?.read() !== this.#rejected.value) this.#rejected = undefined;
		return this.#rejected !== undefined;
	}

	/** Returns the time from which the key may be used: 0 for now, `Infinity` for a key that is not set. */
	unavailableUntil(now: number): number {
		if (!this.present) return Number.POSITIVE_INFINITY;
		if (this.isRejected(now)) return this.#rejected?.until ?? Number.POSITIVE_INFINITY;
		return this.#coolsDown(now) ? this.#cooldown.until : 0;
	}

	/** Returns the number of rejections and exhausted quotas; recent ones weigh more. */
	recentErrors(now: number): number {
		return this.#errors.at(now);
	}

	/** Records a success: the next cooldown or rejection starts with its first time. */
	recordSuccess(): void {
		this.#cooldowns = 0;
		this.#rejections = 0;
	}

	/**
	 * Records that the upstream rejected the key (401 or 403).
	 *
	 * @param used Value that the request was sent with. The default is the current value.
	 */
	markRejected(now: number, used: string | undefined = this.value): void {
		this.#errors.add(now);
		// An instance that needs no key has none to stop using.
		if (this.#source === undefined) return;
		// The key has changed since the request was sent.
		if (used !== this.#source.read()) return;
		// Concurrent requests are rejected together: they count as one rejection.
		if (this.isRejected(now)) return;
		const ms = Math.min(REJECTED.maxMs, REJECTED.baseMs * 2 ** Math.min(this.#rejections, MAX_DOUBLINGS));
		this.#rejections += 1;
		this.#rejected = { value: this.#source.read(), until: now + ms };
	}

	/**
	 * Records that the upstream asked to wait or that the key's quota is exhausted (429).
	 *
	 * @param ms Time to wait, in milliseconds. `undefined` if the upstream named none.
	 * @param used Value that the request was sent with. The default is the current value.
	 */
	coolDown(now: number, ms: number | undefined, used: string | undefined = this.value): void {
		this.#errors.add(now);
		if (used !== this.value) return;
		const coolsDown = this.#coolsDown(now);
		if (!coolsDown) this.#cooldowns += 1;
		const ownMs = Math.min(COOLDOWN.maxMs, COOLDOWN.baseMs * 2 ** Math.min(this.#cooldowns - 1, MAX_DOUBLINGS));
		// Concurrent requests get a 429 together: those without a time must not prolong the first cooldown.
		if (ms !== undefined || !coolsDown) this.coolDownUntil(now + (ms ?? ownMs));
	}

	/** Excludes the key until then because its own rate limit is used up. Counts no error. Never shortens a cooldown. */
	coolDownUntil(then: number): void {
		const { value } = this;
		const until = this.#cooldown.value === value ? Math.max(this.#cooldown.until, then) : then;
		this.#cooldown = { value, until };
	}

	#coolsDown(now: number): boolean {
		return this.#cooldown.until > now && this.#cooldown.value === this.value;
	}
}
