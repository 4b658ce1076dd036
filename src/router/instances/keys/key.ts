import { PeakEwma } from "../stats/peak-ewma.ts";

/** Where one key is read from. */
export interface KeySource {
	/** The key as it is now; `undefined` when it is not set. Read anew each time, so that a rotated key counts at once. */
	read(): string | undefined;
}

/**
 * How long a key that was refused is not tried again, unless its value changes first, in milliseconds: the first time, doubled each time it is refused
 * again, and at most. Some upstreams refuse what a request says with the same status.
 */
const REJECTED = { baseMs: 30_000, maxMs: 600_000 } as const;

/** How long a key rests after a 429 that names no time, in milliseconds: the first time, and at most. */
const COOLDOWN = { baseMs: 1_000, maxMs: 60_000 } as const;

/** One API key of an instance, and what became of requests made with it. An instance that needs none has one without a value. */
export class Key {
	/** Its place among the instance's keys, from 1. What logs and explanations call it by. */
	readonly number: number;
	readonly #source: KeySource | undefined;
	readonly #errors = new PeakEwma();
	#rest: { readonly value: string | undefined; readonly until: number } = { value: undefined, until: 0 };
	#rests = 0;
	#refusals = 0;
	#retired: { readonly value: string | undefined; readonly until: number } | undefined;

	constructor(number: number, source: KeySource | undefined) {
		this.number = number;
		this.#source = source;
	}

	/** Whether there is one; true for an instance that needs none. */
	get present(): boolean {
		return this.#source === undefined || this.#source.read() !== undefined;
	}

	get value(): string | undefined {
		return this.#source?.read();
	}

	/** Whether the upstream refused it, and it has not been changed since. */
	isRejected(now: number): boolean {
		if (this.#retired === undefined) return false;
		if (now >= this.#retired.until || this.#source?.read() !== this.#retired.value) this.#retired = undefined;
		return this.#retired !== undefined;
	}

	/** From when on it may be used: 0 for now, `Infinity` for not in sight. */
	unavailableUntil(now: number): number {
		if (!this.present) return Number.POSITIVE_INFINITY;
		if (this.isRejected(now)) return this.#retired?.until ?? Number.POSITIVE_INFINITY;
		// Another value is another key.
		return this.#rest.until > now && this.#rest.value === this.value ? this.#rest.until : 0;
	}

	/** How many errors it had, the recent ones weighing more. */
	errors(now: number): number {
		return this.#errors.at(now);
	}

	succeeded(): void {
		this.#rests = 0;
		this.#refusals = 0;
	}

	/** 401 or 403: the upstream does not take it. */
	markRejected(now: number, used: string | undefined = this.value): void {
		this.#count(now);
		// An instance without keys has nothing to retire; it is its operator's to see why it is refused.
		if (this.#source === undefined) return;
		// It has been changed since that request was sent: another value is another key.
		if (used !== this.#source.read()) return;
		// Requests that were under way together are refused together: that is once.
		if (this.isRejected(now)) return;
		const ms = Math.min(REJECTED.maxMs, REJECTED.baseMs * 2 ** Math.min(this.#refusals, 30));
		this.#refusals += 1;
		this.#retired = { value: this.#source.read(), until: now + ms };
	}

	/** 429: the upstream asks to wait, or has no quota left for it. */
	coolDown(now: number, ms: number | undefined, used: string | undefined = this.value): void {
		this.#count(now);
		if (used !== this.value) return;
		const resting = this.#rest.until > now && this.#rest.value === this.value;
		if (!resting) this.#rests += 1;
		const own = Math.min(COOLDOWN.maxMs, COOLDOWN.baseMs * 2 ** Math.min(this.#rests - 1, 30));
		// Requests that were under way together are told together: that is once, and the first to say no time has said it.
		if (ms !== undefined || !resting) this.coolDownUntil(now + (ms ?? own));
	}

	/** It is left alone until then; no error, just what its rates allow. */
	coolDownUntil(then: number): void {
		const { value } = this;
		const until = this.#rest.value === value ? Math.max(this.#rest.until, then) : then;
		this.#rest = { value, until };
	}

	#count(now: number): void {
		this.#errors.observe(this.#errors.at(now) + 1, now);
	}
}
