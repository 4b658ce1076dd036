import type { Charge } from "../../router/limits/limit-store.ts";
import { ROUNDING, type SliceAnswer, type SliceRequest } from "../limits.ts";
import type { ScheduledLimit } from "./exchange-schedule.ts";
import { LocalShare } from "./local-share.ts";
import { RateMeter } from "./rate-meter.ts";
import type { LimitUnit, UnreachablePolicy } from "./unreachable-policy.ts";

/** Time for which a slice of a rate may be spent, in milliseconds, counted from before its exchange. */
const RATE_SLICE_MS = 1_000;

/** Time for which a slice of a budget may be spent, in milliseconds. An exchange each second renews it. */
const BUDGET_SLICE_MS = 10_000;

/** Amount that a slice is for, as a time of the host's demand, in milliseconds. Budgets have no rate, so their slices may be larger. */
const SLICE_OF = { rate: 100, budget: 500 } as const;

/** Time without requests after which held amounts are returned, in milliseconds. */
const IDLE_MS = 1_000;

/** Time between two exchanges of a bucket of which something is held, in milliseconds. */
const RENEW_MS = 1_000;

/** Time after a refusal of a budget until the next question, in milliseconds: other hosts may return amounts by then. */
const BUDGET_PAUSE_MS = 1_000;

/** Time between two attempts with a store that fails, in milliseconds. */
const RETRY_MS = 1_000;

/** Weight of the latest amount in the average of amounts. */
const LATEST = 0.2;

/** Result of a look at a bucket: 0 if it grants the amount now, `ask` if an exchange may help, else a refusal. */
export type Look = 0 | "ask" | { readonly retryAfterMs: number | undefined; readonly detail?: string };

/** The treatment of a bucket while the store cannot be used. */
interface Outage {
	readonly policy: UnreachablePolicy;
	readonly share: LocalShare;
	/** Time of the next attempt. */
	retryAt: number;
	/** Part of the spent amount that the store knows already. */
	told: number;
	readonly detail: string;
}

/** The part of one shared bucket that this host holds, and spends without a call. Times are those of the host's monotonic clock. */
export class LeasedBucket implements ScheduledLimit {
	readonly name: string;
	readonly owner: string;
	readonly unit: Exclude<LimitUnit, "concurrency">;
	readonly demand = new RateMeter();
	readonly granted = new RateMeter();
	isActive = false;
	/** Sum of the amounts that wait for an exchange. */
	waiting = 0;
	/** Largest amount that waits for an exchange. */
	waitingMost = 0;
	lastUsedAt: number;
	hosts = 0;
	share = 1;
	#capacity: number;
	#perMs: number;
	#forgetAfterMs: number | undefined;
	#held = 0;
	#expiresAt = 0;
	#unused = 0;
	#owed = 0;
	#typical: number;
	#told: SliceRequest["told"];
	#exchangedAt = Number.NEGATIVE_INFINITY;
	#isStarved = false;
	/** Time before which a further question is futile, for amounts that the level below cannot cover. */
	#askAt = 0;
	/** Amounts from this one were refused, whatever the level: a part of the level may be kept for another host. `Infinity` after a grant. */
	#refusedFrom = Number.POSITIVE_INFINITY;
	#level: number | undefined;
	#levelAt = 0;
	#retryAfterMs: number | undefined;
	#isClosed = false;
	/** Time of the last request that was refused without a question. */
	#refusedAt = Number.NEGATIVE_INFINITY;
	#outage: Outage | undefined;

	constructor({ bucket, amount, capacity, perMs, forgetAfterMs, unit = "requests" }: Charge, now: number) {
		this.name = bucket;
		this.unit = unit;
		const at = bucket.lastIndexOf(`:${unit}`);
		this.owner = at > 0 ? bucket.slice(0, at) : bucket;
		this.#capacity = capacity;
		this.#perMs = perMs;
		this.#forgetAfterMs = forgetAfterMs;
		this.#typical = Math.min(amount, capacity);
		this.lastUsedAt = now;
	}

	/** The policy that applies now. `undefined` while the limit is exact. */
	get policy(): UnreachablePolicy | undefined {
		return this.#outage?.policy;
	}

	/** Sentence on the policy that applies now. `undefined` while the limit is exact. */
	get policyDetail(): string | undefined {
		return this.#outage?.detail;
	}

	/** Returns the amount that this host holds and may still spend. */
	held(now: number): number {
		return now < this.#expiresAt ? this.#held : 0;
	}

	/** Returns the level of the whole bucket as far as this host knows; `undefined` before the first answer. */
	level(now: number): number | undefined {
		if (this.#outage !== undefined && this.#outage.policy === "local_share") return this.held(now) + this.#outage.share.level(now);
		if (this.#level === undefined) return undefined;
		const level = Math.min(this.#capacity, this.#level + (now - this.#levelAt) * this.#perMs) - this.#owed;
		return Math.max(0, Math.min(this.#capacity, level + this.held(now)));
	}

	/** Records a request for an amount, under the present limit. */
	record({ amount, capacity, perMs, forgetAfterMs }: Charge, now: number): void {
		this.lastUsedAt = now;
		this.demand.add(Math.min(amount, capacity), now);
		this.#typical += (Math.min(amount, capacity) - this.#typical) * LATEST;
		if (capacity === this.#capacity && perMs === this.#perMs) return;
		this.#capacity = capacity;
		this.#perMs = perMs;
		this.#forgetAfterMs = forgetAfterMs;
		this.#askAt = 0;
	}

	/** Looks if the amount can be drawn now. Draws nothing. */
	look(amount: number, now: number): Look {
		this.#expire(now);
		const needed = Math.min(amount, this.#capacity);
		if (this.#covers(needed)) return 0;
		const outage = this.#outage;
		if (outage !== undefined) {
			const { policy, share, detail } = outage;
			if (policy === "allow") return 0;
			if (policy === "refuse") return { retryAfterMs: RETRY_MS, detail };
			const waitMs = share.msUntil(needed, now);
			return waitMs <= 0 ? 0 : { retryAfterMs: Number.isFinite(waitMs) ? Math.ceil(waitMs) : undefined, detail };
		}
		// What is left below half of the capacity is for other hosts and for the next slice.
		if (now >= this.#askAt || (needed < this.#refusedFrom && (this.#level ?? 0) - needed >= this.#capacity / 2)) return "ask";
		this.#refusedAt = now;
		return this.refusal(now);
	}

	/** Returns the refusal that follows from the last answer. */
	refusal(now: number): Exclude<Look, 0 | "ask"> {
		const untilAsk = Math.max(1, Math.ceil(this.#askAt - now));
		return { retryAfterMs: this.#retryAfterMs === undefined ? undefined : Math.max(untilAsk, this.#retryAfterMs) };
	}

	/** Draws an amount that `look` has granted. Returns the amount drawn. */
	draw(amount: number, now: number): number {
		const needed = Math.min(amount, this.#capacity);
		this.granted.add(needed, now);
		if (this.#covers(needed)) {
			this.#owed += Math.max(0, needed - this.#held);
			this.#held = Math.max(0, this.#held - needed);
		} else if (this.#outage === undefined) this.#owed += needed;
		else this.#outage.share.draw(needed, now);
		return needed;
	}

	/** Replaces a drawn amount by the actual one. What the slice lacks is owed to the store. */
	settle(drawn: number, actual: number, now: number): void {
		this.#expire(now);
		const missing = actual - drawn;
		if (missing <= 0) {
			if (now < this.#expiresAt) this.#held -= missing;
			else this.#unused -= missing;
			return;
		}
		const fromSlice = Math.min(missing, this.#held);
		this.#held -= fromSlice;
		if (this.#outage === undefined) this.#owed += missing - fromSlice;
		else this.#outage.share.draw(missing - fromSlice, now);
	}

	/** Returns true if an exchange is due now: to refill ahead of need, to report what is owed, to return amounts, or to find out if the store works again. */
	isDue(now: number): boolean {
		this.#expire(now);
		if (this.#outage !== undefined) return now >= this.#outage.retryAt;
		const sinceMs = now - this.#exchangedAt;
		const isIdle = now - this.lastUsedAt >= IDLE_MS;
		if (isIdle || this.#isStarved) this.#release(isIdle ? 0 : this.#target(now));
		if ((this.#owed > 0 || this.#unused > 0) && sinceMs >= this.#paceMs) return true;
		if (!isIdle && this.isLow(now)) return true;
		return this.#held > 0 && sinceMs >= RENEW_MS;
	}

	/** Returns true if less is held than the demand of one slice, and a question is not futile. */
	isLow(now: number): boolean {
		return this.#outage === undefined && now >= this.#askAt && this.#held < this.#target(now) / 2;
	}

	/** True if nothing is held, owed or to be returned, and no policy applies. */
	isSettled(now: number): boolean {
		return this.#held === 0 && this.#owed === 0 && this.#unused === 0 && this.#outage === undefined && now - this.lastUsedAt >= 2 * IDLE_MS;
	}

	/** Returns the request of this host, and counts its amounts as sent. */
	begin(now: number): SliceRequest {
		this.#expire(now);
		const outage = this.#outage;
		const spent = outage === undefined ? 0 : this.#boundedDebt(outage.share.spent(now));
		const owed = this.#owed + Math.max(0, spent - (outage?.told ?? 0));
		if (outage !== undefined) outage.told = Math.max(outage.told, spent);
		const isUsed = !this.#isClosed && (this.waiting > 0 || now - this.lastUsedAt < IDLE_MS);
		const target = this.#target(now) + this.waiting;
		const least = this.waiting > 0 ? this.waitingMost : this.#typical;
		const want = isUsed ? Math.min(this.#whole(Math.max(0, target - this.#held)), this.#capacity) : 0;
		const demand = this.demand.perMs(now) * 1_000;
		const request: SliceRequest = {
			bucket: this.name,
			owner: this.owner,
			capacity: this.#capacity,
			perMs: this.#perMs,
			forgetAfterMs: this.#forgetAfterMs,
			want,
			isWaiting: this.waiting > 0 || now - this.#refusedAt < 2 * this.#sliceMs,
			atLeast: want > 0 ? Math.max(0, Math.min(least, this.#capacity) - this.#held) : 0,
			unused: this.#unused,
			owed,
			demand,
			held: this.#held,
			told: this.#told,
		};
		this.#unused = 0;
		this.#owed = 0;
		this.#exchangedAt = now;
		return request;
	}

	/**
	 * Takes the answer to a request.
	 *
	 * @param sentAt Time before the exchange. The slice expires by it: a process that was stopped must not spend an old slice.
	 */
	end(request: SliceRequest, answer: SliceAnswer, sentAt: number, now: number): void {
		this.#expire(now);
		const { granted, level, waitMs, hosts, share, heldByOthers, isStarved, window } = answer;
		this.#told = { window, demand: request.demand, held: request.held };
		this.hosts = hosts;
		this.share = share;
		this.#isStarved = isStarved;
		this.#level = level;
		this.#levelAt = now;
		const expiresAt = sentAt + (this.#perMs > 0 ? RATE_SLICE_MS : BUDGET_SLICE_MS);
		if (expiresAt > now) {
			this.#held += granted;
			if (this.#held > 0) this.#expiresAt = Math.max(this.#expiresAt, expiresAt);
		} else this.#unused += granted;
		this.#refusedFrom = granted === 0 && request.atLeast > 0 ? request.atLeast : Number.POSITIVE_INFINITY;
		if (granted >= request.want) {
			this.#askAt = 0;
			return;
		}
		const isBudget = this.#perMs === 0;
		if (isBudget) this.#retryAfterMs = heldByOthers > 0 ? BUDGET_PAUSE_MS : undefined;
		else this.#retryAfterMs = waitMs ?? 1;
		this.#askAt = now + (isBudget && granted === 0 ? BUDGET_PAUSE_MS : Math.max(waitMs ?? 0, this.#paceMs));
	}

	/**
	 * Takes a failure. Amounts to be returned stay spent if the store may have them already.
	 *
	 * @param mayHaveRun True if the store may have carried out the exchange.
	 */
	fail(request: SliceRequest, mayHaveRun: boolean): void {
		if (!mayHaveRun) this.#unused += request.unused;
		if (this.#outage === undefined) this.#owed += request.owed;
		else if (!mayHaveRun) this.#outage.told = Math.max(0, this.#outage.told - request.owed);
	}

	/** Applies a policy from now on. Returns false if one applies already. */
	beginOutage(policy: UnreachablePolicy, fault: string, now: number): boolean {
		if (this.#outage !== undefined) {
			this.#outage.retryAt = now + RETRY_MS;
			return false;
		}
		const hosts = Math.max(1, this.hosts);
		const known = this.#level === undefined ? this.#capacity : this.#level + (now - this.#levelAt) * this.#perMs;
		const level = Math.min(known, this.#capacity) / hosts;
		const share = new LocalShare(this.#capacity / hosts, this.#perMs / hosts, level, now);
		const part = hosts === 1 ? "the whole limit" : `one of ${hosts} parts of the limit`;
		const treated = { local_share: `this host uses ${part}`, allow: "requests are allowed", refuse: "requests are refused" }[policy];
		this.#outage = { policy, share, retryAt: now + RETRY_MS, told: 0, detail: `the shared store cannot be used (${fault}): ${treated}` };
		return true;
	}

	/** Asks for an attempt with the store at once, because the connection has returned. */
	retryNow(): void {
		if (this.#outage !== undefined) this.#outage.retryAt = 0;
	}

	/** Ends the policy: the store has answered. The amount that was spent since the request is owed. Returns false if none applied. */
	endOutage(now: number): boolean {
		const outage = this.#outage;
		if (outage === undefined) return false;
		this.#owed += Math.max(0, this.#boundedDebt(outage.share.spent(now)) - outage.told);
		this.#outage = undefined;
		return true;
	}

	/** Releases everything at the next exchange, and wants nothing more. */
	close(): void {
		this.#isClosed = true;
		this.#release(0);
	}

	/** Returns an amount of whole requests or tokens, so that no parts of them lie with several hosts. */
	#whole(amount: number): number {
		return this.unit === "money" ? amount : Math.ceil(amount);
	}

	/** Returns true if the amount is held. What rounding lacks is owed. */
	#covers(needed: number): boolean {
		return this.#held >= needed - 2 * this.#capacity * ROUNDING;
	}

	/**
	 * A rate owes at most what the bucket could have lost, which is its capacity: this host owes its part of that. Otherwise the debts of many hosts together
	 * would keep the limit low for a long time. A budget owes everything.
	 */
	#boundedDebt(spent: number): number {
		return this.#perMs > 0 ? Math.min(spent, this.#capacity / Math.max(1, this.hosts)) : spent;
	}

	/** The amount to hold: two slices of the present demand, so that the next exchange comes before the first is used up. */
	#target(now: number): number {
		return Math.min(2 * this.demand.perMs(now) * this.#sliceMs, this.#capacity);
	}

	/** A slice is for half of the time in which the bucket fills, at most: more would be lost to a bucket that is full. */
	get #sliceMs(): number {
		return this.#perMs > 0 ? Math.min(SLICE_OF.rate, this.#capacity / this.#perMs / 2) : SLICE_OF.budget;
	}

	/** Shortest time between two exchanges without a waiting request. */
	get #paceMs(): number {
		return Math.max(5, this.#sliceMs / 2);
	}

	#release(keep: number): void {
		const excess = this.#held - keep;
		if (excess <= 0) return;
		this.#held -= excess;
		this.#unused += excess;
	}

	#expire(now: number): void {
		if (now >= this.#expiresAt) this.#release(0);
	}
}
