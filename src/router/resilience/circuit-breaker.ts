import type { Random } from "../../time/random.ts";

export interface BreakerSettings {
	/** Consecutive failures that open the breaker. */
	readonly consecutiveFailures: number;
	/** First open period, in milliseconds. Each failed trial doubles it. */
	readonly baseOpenMs: number;
	/** Bound of every open period before jitter, in milliseconds. */
	readonly maxOpenMs: number;
}

/** `closed` admits requests, `open` admits none, `half_open` admits one as a trial. */
export type BreakerState = "closed" | "open" | "half_open";

/** Bounds the exponent of the open period. Beyond it every period has reached its maximum. */
const MAX_DOUBLINGS = 30;

/** Jitter of an open period, as a part of it. Otherwise hosts that lost an upstream together would try it together. */
const JITTER = 0.1;

/**
 * Trials of other hosts in a row that stand for own ones. Beyond it this host makes a trial, whatever others report: no host can keep an instance
 * from another one.
 */
const MAX_PEER_TRIALS = 3;

/**
 * Stops requests to an instance after consecutive failures. When its open period ends it admits a single request, the trial: a success
 * closes the breaker, a failure opens it for twice as long.
 */
export class CircuitBreaker {
	#settings: BreakerSettings;
	readonly #random: Random;
	#failures = 0;
	/** Openings since it was closed last. 0 means closed. */
	#openings = 0;
	#openUntil = 0;
	#openedAt = 0;
	/** Length of the last open period before jitter, in milliseconds. */
	#openMs = 0;
	/** Start of the trial in flight; `undefined` for none. */
	#trialSince: number | undefined;
	/** Failed trials of other hosts since the last own one. */
	#peerTrials = 0;
	/** True if another host has brought the end of the current open period forward. */
	#hastened = false;

	constructor(settings: BreakerSettings, random: Random) {
		this.#settings = settings;
		this.#random = random;
	}

	/** Replaces the settings. The current open period stays as it is. */
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

	/** End of the open period; 0 for a closed breaker. */
	get openUntil(): number {
		return this.#openings === 0 ? 0 : this.#openUntil;
	}

	/** Returns true if a request may pass now. */
	permits(now: number): boolean {
		return this.#openings === 0 || (now >= this.#openUntil && !this.#isTried(now));
	}

	/**
	 * Time from which the breaker admits a trial that no other instance can serve; 0 for a closed breaker. Because a trial then costs
	 * nothing, it waits for the first open period at most, however often it has failed.
	 */
	get lastResortAt(): number {
		return this.#openings === 0 ? 0 : Math.min(this.#openUntil, this.#openedAt + this.#settings.baseOpenMs);
	}

	/** Returns true if a request that no other instance can serve may pass now. */
	permitsLastResort(now: number): boolean {
		return this.#openings === 0 || (now >= this.lastResortAt && !this.#isTried(now));
	}

	/**
	 * Ends the open period at a random time within the first open period from now, unless it ends sooner. Used when a peer that failed at
	 * the same time has recovered: their common cause may be gone.
	 */
	shortenOpenPeriod(now: number): void {
		this.#openUntil = Math.min(this.#openUntil, now + this.#settings.baseOpenMs * this.#random());
	}

	/**
	 * Brings the end of the open period forward to `at`, because another host reports a recovery. Has an effect once in an open period. Returns
	 * false if it has none.
	 */
	hasten(at: number): boolean {
		if (this.#openings === 0 || this.#hastened || at >= this.#openUntil) return false;
		this.#hastened = true;
		this.#openUntil = at;
		return true;
	}

	/**
	 * Opens the breaker by reports of other hosts. A request that no other instance can serve may be a trial at once: reports alone must not leave a
	 * request without an instance.
	 */
	openByReports(now: number): void {
		this.open(now);
		this.#openedAt = now - this.#settings.baseOpenMs;
	}

	/**
	 * Counts the failed trial of another host as an own one, in the second half of an open period: one host tries for all. Returns false if a trial
	 * of this host is due, is in flight, or if less than half of the period has passed.
	 */
	failElsewhere(now: number): boolean {
		if (this.#openings === 0 || this.#peerTrials >= MAX_PEER_TRIALS || this.#isTried(now)) return false;
		if (this.#openUntil - now > this.#openMs / 2) return false;
		this.#peerTrials += 1;
		return this.open(now);
	}

	/** Records the start of a request. Returns true if the request is a trial. */
	begin(now: number): boolean {
		if (this.#openings === 0) return false;
		this.#peerTrials = 0;
		this.#trialSince = now;
		return true;
	}

	/** Records a success. Returns true if it closed the breaker. */
	succeed(trial: boolean): boolean {
		if (trial) this.#trialSince = undefined;
		this.#failures = 0;
		// A request that started before the breaker opened says nothing about the present.
		if (!trial) return false;
		this.#openings = 0;
		return true;
	}

	/**
	 * Records a failure that counts against the instance. Returns true if it opened the breaker.
	 *
	 * @param mayOpen False if the evidence does not suffice to open the breaker. The default is true.
	 */
	fail(trial: boolean, now: number, mayOpen = true): boolean {
		if (trial) this.#trialSince = undefined;
		this.#failures += 1;
		const due = trial || (this.#openings === 0 && this.#failures >= this.#settings.consecutiveFailures);
		return mayOpen && due && this.open(now);
	}

	/** Opens the breaker. Each time in a row it stays open twice as long. Returns true. */
	open(now: number): true {
		const { baseOpenMs, maxOpenMs } = this.#settings;
		const ms = Math.min(maxOpenMs, baseOpenMs * 2 ** Math.min(this.#openings, MAX_DOUBLINGS));
		this.#openings += 1;
		this.#hastened = false;
		this.#openMs = ms;
		this.#openedAt = now;
		this.#openUntil = now + ms * (1 - JITTER + 2 * JITTER * this.#random());
		return true;
	}

	/** Records the end of a request that says nothing about the instance. */
	abstain(trial: boolean): void {
		if (trial) this.#trialSince = undefined;
	}

	/**
	 * Returns true if a trial is in flight. A trial longer than the open period before it holds off no other one: a guest may be slow on
	 * purpose.
	 */
	#isTried(now: number): boolean {
		return this.#trialSince !== undefined && now - this.#trialSince < this.#openMs;
	}
}
