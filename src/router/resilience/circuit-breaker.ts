import type { Random } from "../../time/random.ts";

export interface BreakerSettings {
	/** Failures in a row that open it. */
	readonly consecutiveFailures: number;
	/** How long it stays open the first time, in milliseconds; doubled each time the trial fails. */
	readonly baseOpenMs: number;
	/** The longest it stays open. */
	readonly maxOpenMs: number;
}

/** `closed`: requests pass. `open`: none does until a time. `half_open`: one passes, as a trial. */
export type BreakerState = "closed" | "open" | "half_open";

/**
 * Takes an instance out that fails over and over, and lets a single request try it again once its time is up: a success closes it,
 * a failure opens it for twice as long. The time is spread by a tenth, so that hosts that lost an upstream together do not try it together.
 */
export class CircuitBreaker {
	#settings: BreakerSettings;
	readonly #random: Random;
	#failures = 0;
	#openings = 0;
	#openUntil = 0;
	#openedAt = 0;
	#trial = false;

	constructor(settings: BreakerSettings, random: Random) {
		this.#settings = settings;
		this.#random = random;
	}

	/** Goes by other settings from now on. */
	updateSettings(settings: BreakerSettings): void {
		this.#settings = settings;
	}

	/** Failures since the last success. */
	get failures(): number {
		return this.#failures;
	}

	state(now: number): BreakerState {
		if (this.#openings === 0) return "closed";
		return now < this.#openUntil ? "open" : "half_open";
	}

	/**
	 * When it lets a request try again if nobody else can serve it: then there is nothing to lose, and however often it has failed it need not wait
	 * longer than the first time. 0 when it is not open.
	 */
	get lastResortAt(): number {
		return this.#openings === 0 ? 0 : Math.min(this.#openUntil, this.#openedAt + this.#settings.baseOpenMs);
	}

	/** Whether a request that nobody else can serve may pass now. */
	permitsLastResort(now: number): boolean {
		return this.#openings === 0 || (now >= this.lastResortAt && !this.#trial);
	}

	/** When it lets a request try again; 0 when it is not open. */
	get openUntil(): number {
		return this.#openings === 0 ? 0 : this.#openUntil;
	}

	/** Whether a request may pass now. */
	permits(now: number): boolean {
		return this.#openings === 0 || (now >= this.#openUntil && !this.#trial);
	}

	/** Another that went out with it is back: it is tried again soon, at some moment within the time it would be open at first. */
	shortenOpenPeriod(now: number): void {
		this.#openUntil = Math.min(this.#openUntil, now + this.#settings.baseOpenMs * this.#random());
	}

	/** A request is on its way through. Gives whether it is the trial of a breaker that is not closed. */
	begin(): boolean {
		if (this.#openings === 0) return false;
		this.#trial = true;
		return true;
	}

	/** It succeeded. Gives whether that closed the breaker. */
	succeed(trial: boolean): boolean {
		if (trial) this.#trial = false;
		this.#failures = 0;
		// A success that began before it opened says nothing about now.
		if (!trial) return false;
		this.#openings = 0;
		return true;
	}

	/** It failed by the instance's doing. Gives whether that opened the breaker. */
	fail(trial: boolean, now: number): boolean {
		if (trial) this.#trial = false;
		this.#failures += 1;
		const opens = trial || (this.#openings === 0 && this.#failures >= this.#settings.consecutiveFailures);
		if (opens) {
			const { baseOpenMs, maxOpenMs } = this.#settings;
			const ms = Math.min(maxOpenMs, baseOpenMs * 2 ** Math.min(this.#openings, 30));
			this.#openings += 1;
			this.#openedAt = now;
			this.#openUntil = now + ms * (0.9 + 0.2 * this.#random());
		}
		return opens;
	}

	/** It ended without telling anything of the instance. */
	abstain(trial: boolean): void {
		if (trial) this.#trial = false;
	}
}
