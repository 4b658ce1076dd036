export interface RetryBudgetSettings {
	/** Extra attempts that each request adds to the budget, e.g. 0.05. With 0 the budget is always empty. */
	readonly ratio: number;
	/** Limit of the budget, and its initial level. */
	readonly reserve: number;
}

/**
 * Refill of an idle budget, in extra attempts per second. Low enough to be irrelevant under load; enough for a host with a request every
 * few minutes.
 */
const REFILL_PER_SECOND = 0.1;

/**
 * Bounds extra attempts (retries or hedges) to a ratio of the requests. Otherwise they would multiply the load when every backend is slow
 * or fails.
 */
export class RetryBudget {
	readonly #settings: RetryBudgetSettings;
	#level: number;
	#refilledAt: number;

	constructor(settings: RetryBudgetSettings, now: number) {
		this.#settings = settings;
		this.#level = settings.ratio === 0 ? 0 : settings.reserve;
		this.#refilledAt = now;
	}

	/** Adds the share of one request. */
	deposit(): void {
		this.#level = Math.min(this.#settings.reserve, this.#level + this.#settings.ratio);
	}

	/** Takes one extra attempt. Returns false if none is left. */
	withdraw(now: number): boolean {
		this.#refill(now);
		if (this.#level < 1) return false;
		this.#level -= 1;
		return true;
	}

	#refill(now: number): void {
		const { ratio, reserve } = this.#settings;
		if (ratio > 0) this.#level = Math.min(reserve, this.#level + ((now - this.#refilledAt) / 1_000) * REFILL_PER_SECOND);
		this.#refilledAt = now;
	}
}
