import type { Places } from "../../router/limits/places.ts";
import { PLACES_MS, type PlacesAnswer, type PlacesRequest } from "../limits.ts";
import type { ScheduledLimit } from "./exchange-schedule.ts";
import type { UnreachablePolicy } from "./unreachable-policy.ts";

/** Time for which places that were granted while others wait may be used again, in milliseconds. Then they go to the others. */
const TURN_MS = 200;

/** Time for which a lack of places counts, in milliseconds: as long as requests usually wait. */
const WANT_MS = 2_500;

/** Time after a refusal until the next question, in milliseconds. News of the store end it earlier. */
const PAUSE_MS = 100;

/** Time between two exchanges of places that are held, in milliseconds. Others that wait are seen then, if news were lost. */
const RENEW_MS = 1_000;

/** Time after which places that were not needed are returned, in milliseconds. */
const IDLE_MS = 1_000;

/** Part of the places in use that is held in addition, ahead of need. */
const SPARE = 0.25;

/** Time between two attempts with a store that fails, in milliseconds. */
const RETRY_MS = 1_000;

/** The host that places belong to. */
export interface PlaceContext {
	now(): number;
	/** Asks for an exchange soon. */
	exchangeSoon(place: LeasedPlace): void;
	/** Resolves after an exchange. */
	exchange(place: LeasedPlace): Promise<void>;
}

/** The places that this host holds of one limit of concurrency. Times are those of the host's monotonic clock. */
export class LeasedPlace implements Places, ScheduledLimit {
	readonly name: string;
	readonly owner: string;
	limit: number;
	used: () => number;
	onFree: () => void;
	isActive = false;
	hosts = 0;
	readonly #context: PlaceContext;
	#held = 0;
	#expiresAt = 0;
	#isContended = false;
	/** End of the time in which places may be used again although others wait. */
	#turnEndsAt = 0;
	#wantedUntil = 0;
	#askAt = 0;
	#exchangedAt = Number.NEGATIVE_INFINITY;
	/** Most places in use since `#peakSince`, and before it. */
	#peak = 0;
	#earlierPeak = 0;
	#peakSince = 0;
	#outage: { readonly policy: UnreachablePolicy; retryAt: number; readonly detail: string } | undefined;

	constructor(name: string, owner: string, limit: number, used: () => number, onFree: () => void, context: PlaceContext) {
		this.name = name;
		this.owner = owner;
		this.limit = limit;
		this.used = used;
		this.onFree = onFree;
		this.#context = context;
	}

	get allowed(): number {
		const now = this.#context.now();
		const held = this.held(now);
		if (this.#outage !== undefined) {
			const { policy } = this.#outage;
			if (policy === "allow") return this.limit;
			return policy === "refuse" ? held : Math.max(held, Math.max(1, Math.floor(this.limit / Math.max(1, this.hosts))));
		}
		return this.#yields(now) ? Math.min(held, this.#fair) : held;
	}

	get detail(): string | undefined {
		return this.#outage?.detail;
	}

	/** The policy that applies now. `undefined` while the limit is exact. */
	get policy(): UnreachablePolicy | undefined {
		return this.#outage?.policy;
	}

	want(): void {
		const now = this.#context.now();
		const isNew = now >= this.#wantedUntil;
		this.#wantedUntil = now + WANT_MS;
		if (isNew && now >= this.#askAt) this.#context.exchangeSoon(this);
	}

	ask(): Promise<void> | undefined {
		const now = this.#context.now();
		this.#wantedUntil = now + WANT_MS;
		return now >= this.#askAt && this.#outage === undefined ? this.#context.exchange(this) : undefined;
	}

	/** Returns the places that this host holds. */
	held(now: number): number {
		return now < this.#expiresAt ? this.#held : 0;
	}

	/** Notes that the store has news of the limit: another host waits, or has given places back. */
	hear(): void {
		this.#askAt = 0;
		this.#exchangedAt = Number.NEGATIVE_INFINITY;
	}

	/** Returns true if an exchange is due now: for more places, to give some back, or to keep those that are held. */
	isDue(now: number): boolean {
		if (this.#outage !== undefined) return now >= this.#outage.retryAt;
		const held = this.held(now);
		const { target } = this.#plan(now);
		if (target > held) return now >= this.#askAt;
		const sinceMs = now - this.#exchangedAt;
		if (target < held) return this.#isContended || sinceMs >= IDLE_MS / 2;
		return held > 0 && sinceMs >= RENEW_MS;
	}

	/** True if nothing is held, in use or wanted. */
	isSettled(now: number): boolean {
		return this.held(now) === 0 && now >= this.#wantedUntil && this.#outage === undefined && this.used() === 0;
	}

	/** Returns the request of this host. Places to be returned cannot be used from now on. */
	begin(now: number): PlacesRequest {
		const { target, isWaiting } = this.#plan(now);
		this.#held = Math.min(this.held(now), target);
		this.#exchangedAt = now;
		return { name: this.name, owner: this.owner, limit: this.limit, target, isWaiting };
	}

	/**
	 * Takes the answer. Returns true if this host may use more places than before.
	 *
	 * @param sentAt Time before the exchange. The places expire by it.
	 */
	end({ target }: PlacesRequest, { held, hosts, isContended }: PlacesAnswer, sentAt: number, now: number): boolean {
		const before = this.#held;
		this.#held = held;
		this.#expiresAt = sentAt + PLACES_MS;
		this.hosts = hosts;
		if (held > before) this.#turnEndsAt = now + TURN_MS;
		this.#isContended = isContended;
		this.#askAt = held >= target ? 0 : now + PAUSE_MS;
		if (held > before && held > this.used()) {
			this.#wantedUntil = now;
			return true;
		}
		return false;
	}

	/** Applies a policy from now on. Returns false if one applies already. */
	beginOutage(policy: UnreachablePolicy, fault: string, now: number): boolean {
		if (this.#outage !== undefined) {
			this.#outage.retryAt = now + RETRY_MS;
			return false;
		}
		const hosts = Math.max(1, this.hosts);
		const part = hosts === 1 ? "the whole limit" : `one of ${hosts} parts of the limit, at least one place`;
		const treated = { local_share: `this host uses ${part}`, allow: "requests are allowed", refuse: "no further places are used" }[policy];
		this.#outage = { policy, retryAt: now + RETRY_MS, detail: `the shared store cannot be used (${fault}): ${treated}` };
		return true;
	}

	/** Asks for an attempt with the store at once, because the connection has returned. */
	retryNow(): void {
		if (this.#outage !== undefined) this.#outage.retryAt = 0;
	}

	/** Ends the policy: the store has answered. Returns false if none applied. */
	endOutage(): boolean {
		if (this.#outage === undefined) return false;
		this.#outage = undefined;
		return true;
	}

	/** Places of each host if all had as many. 0 for more hosts than places, which take turns. */
	get #fair(): number {
		return Math.floor(this.limit / Math.max(1, this.hosts));
	}

	/** Returns true if places above the fair part are returned as soon as their requests end. */
	#yields(now: number): boolean {
		return this.#isContended && now >= this.#turnEndsAt;
	}

	/** Returns the places to hold, and if requests wait for some. */
	#plan(now: number): Pick<PlacesRequest, "target" | "isWaiting"> {
		const used = this.used();
		const peak = this.#peakOf(used, now);
		const held = this.held(now);
		if (this.#isContended) {
			// Spare places go to those that wait at once; after the turn, all free places beyond the fair part.
			const keep = this.#yields(now) ? Math.max(used, Math.min(this.#fair, peak)) : Math.max(peak, 1);
			if (keep < held) return { target: keep, isWaiting: false };
		}
		const isWaiting = now < this.#wantedUntil && used >= held && used < this.limit;
		if (isWaiting) return { target: Math.min(this.limit, used + Math.max(1, Math.ceil(used * SPARE))), isWaiting };
		if (this.#isContended) return { target: Math.max(held, used), isWaiting: false };
		const target = Math.min(this.limit, peak + Math.ceil(peak * SPARE));
		// Places that have just come are not used yet.
		return { target: now < this.#turnEndsAt ? Math.max(held, target) : target, isWaiting: false };
	}

	/** Returns the most places that were in use lately. */
	#peakOf(used: number, now: number): number {
		if (now - this.#peakSince >= IDLE_MS) {
			this.#earlierPeak = now - this.#peakSince >= 2 * IDLE_MS ? 0 : this.#peak;
			this.#peak = 0;
			this.#peakSince = now;
		}
		this.#peak = Math.max(this.#peak, used);
		return Math.max(this.#peak, this.#earlierPeak);
	}
}
