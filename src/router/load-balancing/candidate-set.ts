import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Random } from "../../time/random.ts";
import type { Serving } from "../eligibility/capability-index.ts";
import { offerOf } from "../eligibility/model-offer.ts";
import { exceeds, isUnlimited } from "../eligibility/request-limits.ts";
import type { Instance } from "../instances/instance.ts";
import type { StatsKey } from "../instances/stats/instance-stats.ts";
import { LatencyHistogram } from "../instances/stats/latency-histogram.ts";
import { type EjectionSettings, OutlierEjection } from "../resilience/outlier-ejection.ts";
import { type AvailabilitySummary, MAX_STALENESS_MS, summarizeAvailability } from "./availability-summary.ts";
import type { PickContext } from "./pick-context.ts";
import { createPicker } from "./policies/create-picker.ts";
import { byPreference, type RoutingPreferences } from "./preference.ts";
import { type RecoveryEpoch, Tier } from "./tier.ts";

/** What all requests of one plan have in common. */
export interface CandidateSetSubject {
	readonly operation: Operation;
	readonly statsKey: StatsKey;
	readonly policy: types.Policy;
	readonly preferences: RoutingPreferences;
}

/** What plans are made with. */
export interface CandidateSetContext {
	readonly random: Random;
	readonly recoveryEpoch: RecoveryEpoch;
	readonly ejection: EjectionSettings;
	/** The plan without a request's own lists, when this is one with: instances are compared there, or a guest could choose whom with. */
	readonly unrestricted?: CandidateSet | undefined;
}

/**
 * The candidates for requests that are alike: those that keep every lasting constraint, in tiers of preference, with what their
 * policies keep between requests. Made once for many requests, so that a decision costs the same however many instances there are.
 */
export class CandidateSet {
	readonly subject: CandidateSetSubject;
	readonly members: ReadonlySet<Instance>;
	/** How long answers took to begin, over all members. */
	readonly latencies = new LatencyHistogram();
	readonly ejection: OutlierEjection;
	readonly #serving: readonly Serving[];
	#outlook: (AvailabilitySummary & { readonly at: number }) | undefined;
	readonly #tiers: readonly Tier[];
	readonly #tierOf = new Map<Instance, Tier>();
	readonly #byName: ReadonlyMap<string, Instance>;
	readonly #context: CandidateSetContext;
	/** The different limits there are; none when nobody has any. */
	readonly #limits: readonly ModelLimits[];
	readonly #limitsOf = new Map<Serving, number>();
	/** How much of the memory for plans it may take, in members: with what its policies keep, and the plans within it. */
	readonly size: number;
	/** Plans of those members whose limits a request keeps, by which limits these are. */
	readonly #within = new Map<string, CandidateSet>();

	constructor(serving: readonly Serving[], subject: CandidateSetSubject, context: CandidateSetContext) {
		const { operation, policy, statsKey, preferences } = subject;
		this.subject = subject;
		this.#context = context;
		this.#serving = serving;
		this.members = new Set(serving.map(({ instance }) => instance));
		this.#byName = new Map(serving.map(({ instance }) => [instance.name, instance]));
		let kept = this.members.size;
		this.#tiers = byPreference(serving, operation, preferences).map((group) => {
			const members = group.map(({ instance }) => instance);
			const picker = createPicker(policy, { members, random: context.random, statsKey });
			kept += (picker.points ?? 0) / RING_POINTS_PER_MEMBER;
			return new Tier(members, picker, context.recoveryEpoch);
		});
		for (const tier of this.#tiers) for (const member of tier.members) this.#tierOf.set(member, tier);
		this.ejection = context.unrestricted?.ejection ?? new OutlierEjection([...this.members], statsKey, context.ejection);
		this.#limits = this.#sortByLimits(serving, operation);
		this.size = kept * (1 + Math.min(MAX_SETS_BY_SIZE, 2 ** this.#limits.length - 1));
	}

	/** The best that can take the request; `undefined` when none can. */
	pick(context: PickContext): Instance | undefined {
		for (const tier of this.#tiers) {
			const found = tier.pick(context);
			if (found !== undefined) return found;
		}
		if (this.#tiers.some((tier) => tier.hasActive)) return undefined;
		for (const tier of this.#tiers) {
			const found = tier.lastResort(context);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	member(name: string): Instance | undefined {
		return this.#byName.get(name);
	}

	/** What the members are waiting for, for a request that leaves none aside. Of many it may be a little old. */
	availability(now: number): AvailabilitySummary {
		const last = this.#outlook;
		if (last !== undefined && now - last.at < this.members.size * MAX_STALENESS_MS) return last;
		this.#outlook = { ...summarizeAvailability(this.members, this.subject.operation, now), at: now };
		return this.#outlook;
	}

	/** Whether an instance stands in the first tier: an old friend elsewhere does not outweigh the operator's priorities. */
	isFirstChoice(instance: Instance): boolean {
		return this.#tiers.length === 1 || this.#tierOf.get(instance) === this.#tiers[0];
	}

	/** All members, the preferred first. */
	*inOrder(): Generator<Instance, void, void> {
		for (const tier of this.#tiers) yield* tier.members;
	}

	/** The plan for requests as large as this one: this very one when it is within everyone's limits. */
	forSize(size: RequestSize | undefined): CandidateSet {
		if (this.#limits.length === 0 || size === undefined) return this;
		const kept = this.#limits.map((limits) => exceeds(limits, size) === undefined);
		if (!kept.includes(false)) return this;
		const id = kept.map(Number).join("");
		const found = this.#within.get(id);
		if (found !== undefined) return found;
		const within = this.#serving.filter((each) => kept[this.#limitsOf.get(each) ?? -1] ?? true);
		const made = new CandidateSet(within, this.subject, this.#context);
		if (this.#within.size >= MAX_SETS_BY_SIZE) this.#within.clear();
		this.#within.set(id, made);
		return made;
	}

	#sortByLimits(serving: readonly Serving[], operation: Operation): ModelLimits[] {
		const distinct = new Map<string, { readonly place: number; readonly limits: ModelLimits }>();
		for (const each of serving) {
			const offer = each.instance.operations.get(operation);
			const limits = offer === undefined ? {} : offerOf(offer, each.model).limits;
			if (isUnlimited(limits)) continue;
			const key = JSON.stringify(limits);
			const known = distinct.get(key) ?? { place: distinct.size, limits };
			distinct.set(key, known);
			this.#limitsOf.set(each, known.place);
		}
		return [...distinct.values()].map(({ limits }) => limits);
	}
}

/** Sizes of requests come in as many kinds as there are different limits; few of their combinations occur. */
const MAX_SETS_BY_SIZE = 16;

/** Points of a ring that take about as much memory as a member. */
const RING_POINTS_PER_MEMBER = 16;
