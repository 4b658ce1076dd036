import type { ModelLimits, PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Random } from "../../time/random.ts";
import type { Serving } from "../eligibility/capability-index.ts";
import { offerOf } from "../eligibility/model-offer.ts";
import { exceeds, isUnlimited } from "../eligibility/request-limits.ts";
import type { Instance } from "../instances/instance.ts";
import { GuestLatencies } from "../instances/stats/guest-latencies.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { type EjectionSettings, OutlierEjection } from "../resilience/outlier-ejection.ts";
import { type AvailabilitySummary, MAX_STALENESS_MS, summarizeAvailability } from "./availability-summary.ts";
import type { PickContext } from "./pick-context.ts";
import { createPicker } from "./policies/create-picker.ts";
import { pointsOf } from "./policies/hash-ring.ts";
import { byPreference, type RoutingPreferences } from "./preference.ts";
import { maxInFlight } from "./session-load.ts";
import { type RecoveryEpoch, Tier } from "./tier.ts";

/** The properties that all requests of one set have in common. */
export interface CandidateSetSubject {
	readonly operation: Operation;
	readonly statsKey: StatsKey;
	readonly policy: types.Policy;
	readonly preferences: RoutingPreferences;
}

/** The parts of the router that a set uses. */
export interface CandidateSetContext {
	readonly random: Random;
	readonly recoveryEpoch: RecoveryEpoch;
	readonly ejection: EjectionSettings;
	/** True if new sessions are placed by consistent hash, so that tiers have rings. The default is false. */
	readonly placesSessions?: boolean;
	/**
	 * For requests with lists of their own: the set without those lists. Outliers are ejected there. Otherwise a guest could choose the peers
	 * that an instance is compared with, and so have it ejected. `undefined` for requests without lists.
	 */
	readonly unrestricted?: CandidateSet | undefined;
}

/** Limit of the sets by size. Requests fall into one class per combination of limits that they keep; few combinations occur. */
const MAX_SETS_BY_SIZE = 16;

/** Points of a hash ring that take about as much memory as a member. */
const RING_POINTS_PER_MEMBER = 16;

/**
 * The candidates of similar requests: the instances that no static constraint rejects, in tiers of preference, with the state that
 * policies keep between requests. Cached, so that the cost of a decision does not depend on the number of instances.
 */
export class CandidateSet {
	readonly subject: CandidateSetSubject;
	readonly members: ReadonlySet<Instance>;
	/** Instances that serve requests of their sessions only. `undefined` for none. */
	readonly #draining: ReadonlySet<Instance> | undefined;
	/** Times until the first output, over all members. Empty if no route starts hedges by a quantile. */
	readonly latencies = new GuestLatencies();
	readonly ejection: OutlierEjection;
	/** Memory of the set in units of a member, including its policies and its sets by size. */
	readonly size: number;
	readonly #servings: readonly Serving[];
	readonly #context: CandidateSetContext;
	readonly #tiers: readonly Tier[];
	readonly #tierOf = new Map<Instance, Tier>();
	readonly #byName: ReadonlyMap<string, Serving>;
	/** The distinct limits of the members. Empty if no member has any. */
	readonly #limits: readonly ModelLimits[];
	/** Index in `#limits` of each member that has limits. */
	readonly #limitsOf = new Map<Serving, number>();
	/** Sets of the members whose limits a request keeps, by the limits that it keeps. */
	readonly #bySize = new Map<string, CandidateSet>();
	#availability: (AvailabilitySummary & { readonly at: number }) | undefined;

	constructor(servings: readonly Serving[], subject: CandidateSetSubject, context: CandidateSetContext) {
		const { operation, policy, statsKey, preferences } = subject;
		this.subject = subject;
		this.#context = context;
		this.#servings = servings;
		const draining = servings.filter(({ instance }) => instance.setAside !== undefined);
		const serving = draining.length === 0 ? servings : servings.filter(({ instance }) => instance.setAside === undefined);
		this.#draining = draining.length === 0 ? undefined : new Set(draining.map(({ instance }) => instance));
		this.members = new Set(serving.map(({ instance }) => instance));
		this.#byName = new Map(servings.map((each) => [each.instance.name, each]));
		let size = this.members.size;
		this.#tiers = byPreference(serving, operation, preferences).map((group) => {
			const members = group.map(({ instance }) => instance);
			const picker = createPicker(policy, { members, random: context.random, statsKey });
			const points = picker.points ?? (context.placesSessions === true ? pointsOf(members.length) * members.length : 0);
			size += points / RING_POINTS_PER_MEMBER;
			return new Tier(members, operation, picker, context.recoveryEpoch);
		});
		for (const tier of this.#tiers) for (const member of tier.members) this.#tierOf.set(member, tier);
		this.ejection = context.unrestricted?.ejection ?? new OutlierEjection([...this.members], operation, statsKey, context.ejection);
		this.#limits = this.#distinctLimits(servings, operation);
		this.size = size * (1 + Math.min(MAX_SETS_BY_SIZE, 2 ** this.#limits.length - 1));
	}

	/** Picks a member that can take the request, from the first tier that has one; `undefined` if no tier has. */
	pick(context: PickContext): Instance | undefined {
		// Without an iterator, because each decision comes here.
		for (let rank = 0; rank < this.#tiers.length; rank++) {
			const picked = this.#tiers[rank]?.pick(context);
			if (picked !== undefined) return picked;
		}
		return this.#pickSuspected(context) ?? this.#pickLastResort(context);
	}

	/**
	 * Picks the member that a new session belongs to, by consistent hash in the first tier that has one; `undefined` if no tier has. Hosts with the same
	 * members pick the same one.
	 *
	 * @param session Identifier of the session.
	 * @param inFlight Requests of the operation in flight, over all instances.
	 */
	pickForSession(context: PickContext, session: string, inFlight: number): Instance | undefined {
		const most = maxInFlight(inFlight, this.members.size);
		for (const tier of this.#tiers) {
			const picked = tier.pickForSession(context, session, most);
			if (picked !== undefined) return picked;
		}
		return this.#pickSuspected(context) ?? this.#pickLastResort(context);
	}

	#pickSuspected(context: PickContext): Instance | undefined {
		for (let rank = 0; rank < this.#tiers.length; rank++) {
			const picked = this.#tiers[rank]?.pickSuspected(context);
			if (picked !== undefined) return picked;
		}
		return undefined;
	}

	#pickLastResort(context: PickContext): Instance | undefined {
		// With an available member somewhere, the request waits for room there instead of trying an unhealthy one early.
		if (this.#tiers.some((tier) => tier.hasActive)) return this.#pickOwnLastResort(context);
		for (const tier of this.#tiers) {
			const picked = tier.pickLastResort(context);
			if (picked !== undefined) return picked;
		}
		return undefined;
	}

	/** Picks an active member for a guest whose own failures are all that keeps it from one. */
	#pickOwnLastResort(context: PickContext): Instance | undefined {
		if (context.availableSeen || !context.ownUnavailableSeen) return undefined;
		for (const tier of this.#tiers) {
			const picked = tier.pickOwnLastResort(context);
			if (picked !== undefined) return picked;
		}
		return undefined;
	}

	/** Returns the member with this name; `undefined` for none. */
	member(name: string): Instance | undefined {
		const instance = this.#byName.get(name)?.instance;
		return instance === undefined || this.#draining?.has(instance) === true ? undefined : instance;
	}

	/** Returns the instance with this name if it may serve a request of a session that it served last; `undefined` for none. */
	memberForSession(name: string): Instance | undefined {
		return this.#byName.get(name)?.instance;
	}

	/** Returns the price of these requests at a member; `undefined` for an unknown price. */
	priceOf(member: Instance): PriceConfig | undefined {
		return this.#byName.get(member.name)?.model?.price ?? member.operations.get(this.subject.operation)?.price;
	}

	/** Returns the availability of all members. Reused for a short time, in proportion to the number of members. */
	availability(now: number): AvailabilitySummary {
		const last = this.#availability;
		if (last !== undefined && now - last.at < this.members.size * MAX_STALENESS_MS) return last;
		this.#availability = { ...summarizeAvailability(this.members, this.subject.operation, now), at: now };
		return this.#availability;
	}

	/** Returns true if a member is in the first tier. Session affinity applies only there: the operator's priorities come first. */
	isFirstChoice(member: Instance): boolean {
		const first = this.#tiers[0];
		if (this.#draining?.has(member) === true) return first?.members.some(({ priority }) => priority < member.priority) !== true;
		return this.#tiers.length === 1 || this.#tierOf.get(member) === first;
	}

	/** Yields all members, the preferred ones first. */
	*inOrder(): Generator<Instance, void, void> {
		for (const tier of this.#tiers) yield* tier.members;
	}

	/** Returns the set for requests of this size: this set itself, if the request keeps the limits of all members. */
	forSize(size: RequestSize | undefined): CandidateSet {
		if (size === undefined) return this;
		for (const limits of this.#limits) if (exceeds(limits, size) !== undefined) return this.#withLimits(size);
		return this;
	}

	/** Returns the set of the members whose limits a request of this size keeps. Not one function with the above, whose memory its closures would take. */
	#withLimits(size: RequestSize): CandidateSet {
		const kept = this.#limits.map((limits) => exceeds(limits, size) === undefined);
		const id = kept.map(Number).join("");
		const cached = this.#bySize.get(id);
		if (cached !== undefined) return cached;
		const servings = this.#servings.filter((serving) => kept[this.#limitsOf.get(serving) ?? -1] ?? true);
		const created = new CandidateSet(servings, this.subject, this.#context);
		if (this.#bySize.size >= MAX_SETS_BY_SIZE) this.#bySize.clear();
		this.#bySize.set(id, created);
		return created;
	}

	/** Collects the distinct limits, and records which of them each member has. */
	#distinctLimits(servings: readonly Serving[], operation: Operation): ModelLimits[] {
		const distinct = new Map<string, { readonly index: number; readonly limits: ModelLimits }>();
		for (const serving of servings) {
			const offer = serving.instance.operations.get(operation);
			const limits = offer === undefined ? {} : offerOf(offer, serving.model).limits;
			if (isUnlimited(limits)) continue;
			const key = JSON.stringify(limits);
			const entry = distinct.get(key) ?? { index: distinct.size, limits };
			distinct.set(key, entry);
			this.#limitsOf.set(serving, entry.index);
		}
		return [...distinct.values()].map(({ limits }) => limits);
	}
}
