import type { Operation } from "../../../generated/ir/operations.ts";
import { suspicionEndsAt, unavailableUntil } from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";
import { MAX_STALENESS_MS } from "./availability-summary.ts";
import type { PickContext } from "./pick-context.ts";
import { HashRing } from "./policies/hash-ring.ts";
import type { Picker } from "./policies/policy.ts";

/**
 * Time between two looks at an instance whose keys cannot be used, in milliseconds. A changed environment variable causes no notification;
 * within a second is soon enough for an operator.
 */
const KEY_CHECK_MS = 1_000;

/**
 * Requests per trial of an unhealthy instance while others are available: one of 10. Trials are real requests and may fail. With more, a
 * tier with many unhealthy instances would delay its callers noticeably; with fewer, it would recover slowly.
 */
const TRIAL_EVERY = 10;

/**
 * Unhealthy instances that one trial looks at. Most are in their open period; a search through all of them would cost time in proportion
 * to their number. The next trial continues where this one ended.
 */
const TRIAL_LOOKS = 4;

/**
 * A list of active members is stale when unavailable members in it were seen as often as an eighth of its length. Then a refresh costs at
 * most 8 looks per unavailable member seen, and few picks see any.
 */
const STALE_PARTS = 8;

/** Incremented when a trial closes a breaker early. Tiers use it to refresh their lists of active instances. */
export interface RecoveryEpoch {
	value: number;
}

/**
 * Candidates of equal preference, and the policy that picks one of them. The policy sees only active members; instances that are
 * unavailable for a while (open breaker, ejection, key cooldown) are left out until they may be available again.
 */
export class Tier {
	readonly members: readonly Instance[];
	readonly #operation: Operation;
	readonly #picker: Picker;
	readonly #recoveryEpoch: RecoveryEpoch;
	#active: readonly Instance[] = [];
	/** The members of `#active`. Created at the first pick for a session. */
	#activeMembers: ReadonlySet<Instance> | undefined;
	/** Created at the first pick for a session. */
	#ring: HashRing | undefined;
	/** Members with an open or half-open breaker, an ejection or a suspicion. A breaker closes only by a trial. */
	#unhealthy: readonly Instance[] = [];
	/** Unhealthy members that are only suspected by other hosts. */
	#suspected: readonly Instance[] = [];
	#refreshAt = Number.NEGATIVE_INFINITY;
	#refreshedAt = Number.NEGATIVE_INFINITY;
	#seenEpoch = 0;
	/** Active members that turned out to be unavailable since the last refresh; a member counts each time it is seen. */
	#unavailableSeen = 0;
	/** True while no member is active. */
	#outage = false;
	/** Picks since the last trial. Starts at the limit, so that a trial is due at once. */
	#picksSinceTrial = TRIAL_EVERY;
	#trialTurn = 0;

	constructor(members: readonly Instance[], operation: Operation, picker: Picker, recoveryEpoch: RecoveryEpoch) {
		this.members = members;
		this.#operation = operation;
		this.#picker = picker;
		this.#recoveryEpoch = recoveryEpoch;
	}

	/** Picks a member that can take the request; `undefined` if none can. */
	pick(context: PickContext): Instance | undefined {
		this.#refresh(context.now);
		this.#picksSinceTrial += 1;
		const seenBefore = context.unavailableSeen;
		const picked = this.#pickDueTrial(context) ?? this.#pickActive(context) ?? this.#pickTrial(context);
		this.#unavailableSeen += context.unavailableSeen - seenBefore;
		return picked;
	}

	/** True if a member was active at the last refresh. */
	get hasActive(): boolean {
		return this.#active.length > 0;
	}

	/**
	 * Picks the member that a new session belongs to: the same on every host with the same members. A member that cannot take the request, or is busy,
	 * is replaced by the next on the ring, or by the policy's pick. `undefined` if no member can take the request.
	 *
	 * @param session Identifier of the session.
	 * @param maxInFlight Requests in flight from which a member is busy.
	 */
	pickForSession(context: PickContext, session: string, maxInFlight: number): Instance | undefined {
		this.#refresh(context.now);
		const isTrialDue = this.#picksSinceTrial + 1 >= TRIAL_EVERY && this.#unhealthy.length > 0;
		const owner = isTrialDue ? undefined : this.#ownerOf(session, context);
		if (owner === undefined || owner.stats.inFlight >= maxInFlight) return this.pick(context);
		this.#picksSinceTrial += 1;
		context.consider(owner);
		return owner;
	}

	/** Returns the first member on the ring that can take the request. Members of unhealthy state get requests by trials only. */
	#ownerOf(session: string, context: PickContext): Instance | undefined {
		this.#ring ??= new HashRing(this.members);
		context.applySlowStart = false;
		const active = this.#activeSet();
		let passed: Set<Instance> | undefined;
		const start = this.#ring.pointOf(session);
		for (let point = start; point < start + this.#ring.points; point++) {
			const instance = this.#ring.instanceAt(point);
			if (instance === undefined || passed?.has(instance) === true) continue;
			if (active.has(instance) && context.usable(instance)) return instance;
			passed ??= new Set();
			passed.add(instance);
			if (passed.size === this.#ring.size) break;
		}
		return undefined;
	}

	#activeSet(): ReadonlySet<Instance> {
		this.#activeMembers ??= new Set(this.#active);
		return this.#activeMembers;
	}

	/** Picks a suspected member for a request that no other candidate can take; `undefined` for none. */
	pickSuspected(context: PickContext): Instance | undefined {
		if (this.#suspected.length === 0 && !context.suspectedSeen) return undefined;
		context.lastResort = true;
		// A member that became suspected since the last refresh is still in the list of the policy.
		const picked = this.#pickInTurn(this.#suspected, context) ?? (context.suspectedSeen ? this.#picker.pick(context) : undefined);
		context.lastResort = false;
		return picked;
	}

	/** Picks an unhealthy member for a request that no available instance can serve; `undefined` if none may be tried yet. */
	pickLastResort(context: PickContext): Instance | undefined {
		context.lastResort = true;
		return this.#pickTrial(context);
	}

	/** Picks an active member for a guest for which none is available, because of failures of its own requests; `undefined` for none. */
	pickOwnLastResort(context: PickContext): Instance | undefined {
		context.lastResort = true;
		return this.#picker.pick(context);
	}

	#pickActive(context: PickContext): Instance | undefined {
		context.applySlowStart = this.#active.length > 1 && this.#picker.handlesSlowStart !== true;
		const picked = this.#picker.pick(context);
		if (picked !== undefined || !context.applySlowStart) return picked;
		// Only recovering members are left, and chance has skipped all of them.
		context.applySlowStart = false;
		return this.#picker.pick(context);
	}

	/**
	 * Looks at all members again when one may have become available, when an instance has recovered early, or when the list is stale. Must
	 * run before the pick, which uses the lists, and must set `#unhealthy` before it shortens their open periods.
	 */
	#refresh(now: number): void {
		const stale = this.#unavailableSeen * STALE_PARTS > this.#active.length;
		const due = now >= this.#refreshAt || this.#seenEpoch !== this.#recoveryEpoch.value || stale;
		if (!due || now - this.#refreshedAt < this.members.length * MAX_STALENESS_MS) return;
		this.#refreshedAt = now;
		this.#seenEpoch = this.#recoveryEpoch.value;
		this.#unavailableSeen = 0;
		const active: Instance[] = [];
		const unhealthy: Instance[] = [];
		const suspected: Instance[] = [];
		let refreshAt = Number.POSITIVE_INFINITY;
		for (const instance of this.members) {
			const health = instance.stats.health(this.#operation);
			const { breaker } = health;
			const until = unavailableUntil(instance, this.#operation, now);
			const suspectedUntil = suspicionEndsAt(instance, this.#operation, now);
			if (breaker.state(now) !== "closed" || health.ejectedUntil(now) > 0) unhealthy.push(instance);
			else if (suspectedUntil > 0) {
				suspected.push(instance);
				refreshAt = Math.min(refreshAt, suspectedUntil);
				continue;
			} else if (until === 0) active.push(instance);
			if (breaker.state(now) === "closed" && until > 0) refreshAt = Math.min(refreshAt, until, now + KEY_CHECK_MS);
		}
		this.#refreshAt = refreshAt;
		this.#unhealthy = suspected.length === 0 ? unhealthy : [...unhealthy, ...suspected];
		this.#suspected = suspected;
		this.#shortenAfterOutage(active.length + suspected.length > 0, now);
		if (active.length === this.#active.length && active.every((instance, index) => instance === this.#active[index])) return;
		this.#active = active;
		this.#activeMembers = undefined;
		this.#picker.update(active);
	}

	/** After an outage of all members, the recovery of one suggests that their common cause is gone: the others are tried soon too. */
	#shortenAfterOutage(anyActive: boolean, now: number): void {
		if (this.#outage && anyActive) for (const { stats } of this.#unhealthy) stats.health(this.#operation).breaker.shortenOpenPeriod(now);
		this.#outage = !anyActive;
	}

	#pickDueTrial(context: PickContext): Instance | undefined {
		return this.#picksSinceTrial >= TRIAL_EVERY ? this.#pickTrial(context) : undefined;
	}

	#pickTrial(context: PickContext): Instance | undefined {
		return this.#pickInTurn(this.#unhealthy, context);
	}

	#pickInTurn(members: readonly Instance[], context: PickContext): Instance | undefined {
		context.applySlowStart = false;
		for (let looks = Math.min(TRIAL_LOOKS, members.length); looks > 0; looks--) {
			this.#trialTurn = (this.#trialTurn + 1) % members.length;
			const instance = members[this.#trialTurn];
			if (instance === undefined || !context.usable(instance)) continue;
			this.#picksSinceTrial = 0;
			context.consider(instance);
			return instance;
		}
		return undefined;
	}
}
