export interface RetryBudgetSettings {
	/** How many extra attempts a request pays for, e.g. 0.05. */
	readonly ratio: number;
	/** Extra attempts that may be had at once: what is saved up, and what there is at the start. */
	readonly reserve: number;
}

/**
 * Bounds extra attempts (repetitions, hedges) to a ratio of requests, so that they cannot multiply the load when everything is slow
 * or failing. An idle budget refills to its reserve by itself, slowly, as long as the ratio is not 0.
 */
export class RetryBudget {
	readonly #settings: RetryBudgetSettings;
	#level: number;
	#at: number;

	constructor(settings: RetryBudgetSettings, now: number) {
		this.#settings = settings;
		this.#level = settings.ratio === 0 ? 0 : settings.reserve;
		this.#at = now;
	}

	/** A request has come. */
	deposit(): void {
		this.#level = Math.min(this.#settings.reserve, this.#level + this.#settings.ratio);
	}

	/** Takes one extra attempt out; false when there is none left. */
	withdraw(now: number): boolean {
		this.#refill(now);
		if (this.#level < 1) return false;
		this.#level -= 1;
		return true;
	}

	#refill(now: number): void {
		if (this.#settings.ratio > 0)
			this.#level = Math.min(this.#settings.reserve, this.#level + ((now - this.#at) / 1000) * REFILL_PER_SECOND);
		this.#at = now;
	}
}

/** Slow enough not to matter under load, and enough for a host that sees a request now and then. */
const REFILL_PER_SECOND = 0.1;
