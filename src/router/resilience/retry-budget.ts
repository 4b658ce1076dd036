import { RecentMap } from "../../collections/recent-map.ts";
import { EMBEDDER } from "./guests/witness.ts";

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

/** Part of the reserve that one guest may use up while others send requests. The rest stays for the others. */
const GUEST_SHARE = 0.5;

/** Guests whose use is remembered. The use of a guest that used the budget longest ago is forgotten first. */
const MAX_GUESTS = 1_024;

/** Extra attempts of one guest beyond those that its requests have added. */
interface Use {
	readonly attempts: number;
	readonly at: number;
}

/**
 * Bounds extra attempts (retries or hedges) to a ratio of the requests. Otherwise they would multiply the load when every backend is slow
 * or fails.
 */
export class RetryBudget {
	readonly #settings: RetryBudgetSettings;
	#level: number;
	#refilledAt: number;
	readonly #uses = new RecentMap<string, Use>(MAX_GUESTS);

	constructor(settings: RetryBudgetSettings, now: number) {
		this.#settings = settings;
		this.#level = settings.ratio === 0 ? 0 : settings.reserve;
		this.#refilledAt = now;
	}

	/**
	 * Adds the share of one request.
	 *
	 * @param guest Id of its guest. The default is the embedder.
	 */
	deposit(guest = EMBEDDER.guest): void {
		this.#uses.update(guest, (use) => ({ ...use, attempts: Math.max(0, use.attempts - this.#settings.ratio) }));
		this.#level = Math.min(this.#settings.reserve, this.#level + this.#settings.ratio);
	}

	/**
	 * Takes one extra attempt. Returns false if none is left for the guest.
	 *
	 * @param witness The guest of the request. The default is the embedder, alone.
	 */
	withdraw(now: number, { guest, alone } = EMBEDDER): boolean {
		this.#refill(now);
		if (this.#level < 1) return false;
		const used = this.#usedBy(guest, now);
		if (!alone && used + 1 > GUEST_SHARE * this.#settings.reserve) return false;
		this.#level -= 1;
		this.#uses.set(guest, { attempts: used + 1, at: now });
		return true;
	}

	#usedBy(guest: string, now: number): number {
		const use = this.#uses.get(guest);
		return use === undefined ? 0 : Math.max(0, use.attempts - ((now - use.at) / 1_000) * REFILL_PER_SECOND);
	}

	#refill(now: number): void {
		const { ratio, reserve } = this.#settings;
		if (ratio > 0) this.#level = Math.min(reserve, this.#level + ((now - this.#refilledAt) / 1_000) * REFILL_PER_SECOND);
		this.#refilledAt = now;
	}
}
