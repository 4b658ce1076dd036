import type { RequestEnvelope, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import { requestedModel } from "../operations/requested-model.ts";
import type { EligibilityReport } from "./decision/explanation.ts";
import { stricter } from "./degradation/outcome.ts";
import { type RequestAssessment, RuleBook } from "./degradation/rule-book.ts";
import { CapabilityIndex, type ServingSet } from "./eligibility/capability-index.ts";
import { EligibilityReports } from "./eligibility/eligibility-reports.ts";
import { policyFor, type RouteRules, routeRules } from "./eligibility/route-rules.ts";
import { type Reason, type Restrictions, staticRejection, usabilityRejection } from "./eligibility/static-rejection.ts";
import type { Instance } from "./instances/instance.ts";
import { Guests } from "./limits/guests.ts";
import type { PlaceStore } from "./limits/places.ts";
import { CandidateSet, type CandidateSetContext } from "./load-balancing/candidate-set.ts";
import { CandidateSetCache } from "./load-balancing/candidate-set-cache.ts";
import type { GuestSettings, RouterSettings, RouteSettings } from "./settings.ts";

/** The routing configuration of a host. */
export interface RoutingConfig {
	/** All instances, in the order of the configuration. */
	readonly instances: readonly Instance[];
	/** Settings by operation. An operation without an entry has the defaults. */
	readonly routes: ReadonlyMap<Operation, RouteSettings>;
	/** Settings by the guest's name; `*` for all guests without an entry. */
	readonly guests: ReadonlyMap<string, GuestSettings>;
	readonly settings: RouterSettings;
}

/** The candidates and the rules of one request. */
export interface Route {
	readonly candidates: CandidateSet;
	readonly rules: RouteRules;
	/** The degradation policy in force: the stricter of the rules' and the request's. */
	readonly degradation: types.Degradation;
	/** Treatment of the request by the rules of the instances. `undefined` if all instances send every field. */
	readonly assessment: RequestAssessment | undefined;
	readonly guest: GuestIdentity;
	/** `undefined` for a guest without settings. */
	readonly guestSettings: GuestSettings | undefined;
	/** Error for a request that asks for a policy that it may not choose. `undefined` if the request is permitted. */
	readonly refusal: SpearError | undefined;
}

/** The parts of a route that decide on its candidates, besides the request. */
interface Selection {
	readonly rules: RouteRules;
	readonly guestClass: string;
	readonly policy: types.Policy;
	readonly assessment: RequestAssessment | undefined;
}

/** The parts of the router that a table uses. */
export interface RouteTableContext extends Pick<CandidateSetContext, "random" | "recoveryEpoch"> {
	/** Places that several hosts share. The default is the limits themselves, for a host alone. */
	readonly places?: PlaceStore | undefined;
	/** Present if the host is one of several. */
	readonly peers?: object | undefined;
}

/** A routing configuration in use: finds the candidates and the rules of requests. A reload replaces the table. */
export class RouteTable {
	readonly config: RoutingConfig;
	readonly guests: Guests;
	readonly #context: RouteTableContext;
	readonly #index: CapabilityIndex;
	readonly #byName: ReadonlyMap<string, Instance>;
	readonly #reports: EligibilityReports;
	readonly #ruleBook: RuleBook;
	/** By class of guests. */
	readonly #rules = new Map<string, Map<Operation, RouteRules>>();
	readonly #sets = new CandidateSetCache();
	/** Sets of requests with lists of their own. Kept apart, because a guest with many lists would displace the sets of other guests. */
	readonly #restrictedSets = new CandidateSetCache();
	/** The set that was found last, for requests without lists that no rule decides on. Most requests are like the one before. */
	#last: LastCandidates | undefined;
	#users = 0;
	#onUnused: (() => void) | undefined;

	/** @param previous Table of the previous configuration. The requests in flight of its guests stay counted. */
	constructor(config: RoutingConfig, context: RouteTableContext, previous?: RouteTable) {
		this.config = config;
		this.#context = context;
		this.guests = new Guests(config.guests, previous?.guests, context.places);
		this.#index = new CapabilityIndex(config.instances);
		this.#byName = new Map(config.instances.map((instance) => [instance.name, instance]));
		this.#reports = new EligibilityReports(this.#byName);
		this.#ruleBook = new RuleBook(config.instances);
	}

	/** Keeps the table in use, until `release` is called as often. */
	retain(): void {
		this.#users += 1;
	}

	release(): void {
		this.#users -= 1;
		if (this.#users === 0) this.#onUnused?.();
	}

	/** Resolves when no request uses the table any more. Called once, after another table has replaced it. */
	whenUnused(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#users === 0) resolve();
			else this.#onUnused = resolve;
		});
	}

	/** Returns the instance with this name; `undefined` for none. */
	instance(name: string): Instance | undefined {
		return this.#byName.get(name);
	}

	/** Returns the route of a request. */
	resolve<O extends Operation>(request: RequestEnvelope<O>, guest: GuestIdentity): Route {
		const guestClass = this.guests.classOf(guest);
		const rules = this.rules(request.operation, guestClass);
		const degradation = stricter(rules.degradation, request.degradation);
		return this.#route(request, guest, guestClass, rules, degradation, this.#ruleBook.assess(request, degradation));
	}

	/**
	 * Returns the route of a request that is known only in part.
	 *
	 * @param fields Fields that the request is assumed to have.
	 */
	resolvePartial(request: UntypedRequestEnvelope, guest: GuestIdentity, fields: readonly string[]): Route {
		const { operation } = request;
		const guestClass = this.guests.classOf(guest);
		const rules = this.rules(operation, guestClass);
		const degradation = stricter(rules.degradation, request.degradation);
		return this.#route(request, guest, guestClass, rules, degradation, this.#ruleBook.assessNames(operation, fields, degradation));
	}

	#route(
		request: UntypedRequestEnvelope,
		guest: GuestIdentity,
		guestClass: string,
		rules: RouteRules,
		degradation: types.Degradation,
		assessment: RequestAssessment | undefined,
	): Route {
		const { policy, refusal } = policyFor(request, rules);
		const candidates = this.#candidates(request, rules, guestClass, policy, assessment);
		return { candidates, rules, degradation, assessment, guest, guestSettings: this.guests.settingsOf(guest), refusal };
	}

	/** Returns the rules of an operation for a class of guests. */
	rules(operation: Operation, guestClass: string): RouteRules {
		const cached = this.#rules.get(guestClass)?.get(operation);
		if (cached !== undefined) return cached;
		const { routes, guests, settings } = this.config;
		const created = routeRules(operation, settings, routes.get(operation) ?? {}, guests.get(guestClass)?.routes.get(operation));
		const ofClass = this.#rules.get(guestClass) ?? new Map<Operation, RouteRules>();
		this.#rules.set(guestClass, ofClass.set(operation, created));
		return created;
	}

	/**
	 * Returns the eligibility of all instances for a request at `now`.
	 *
	 * @param chosen Names of instances that were chosen for the request. Chosen instances are eligible, whatever their state is by now.
	 */
	evaluate(
		request: UntypedRequestEnvelope,
		{ candidates, rules, guest, assessment }: Route,
		now: number,
		chosen: readonly string[],
	): EligibilityReport {
		return this.#reports.evaluate(request, candidates, restrictionsOf(rules), now, chosen, guest.id, assessment);
	}

	/**
	 * Returns the instances that can serve requests of an operation, and the reasons against the others.
	 *
	 * @param model Model that the requests name. `undefined` for any.
	 */
	usable(
		operation: Operation,
		model: string | undefined,
		guest: GuestIdentity,
	): { readonly eligible: readonly Instance[]; readonly rejected: readonly types.Rejection[] } {
		const restrictions = restrictionsOf(this.rules(operation, this.guests.classOf(guest)));
		const eligible: Instance[] = [];
		const rejected: types.Rejection[] = [];
		for (const instance of this.config.instances) {
			const reason = usabilityRejection(instance, operation, model, restrictions);
			if (reason === undefined) eligible.push(instance);
			else rejected.push({ backend: instance.name, ...reason });
		}
		return { eligible, rejected };
	}

	/** Returns the reason why an instance can never serve a request; `undefined` if it can. */
	staticRejection(
		instance: Instance,
		request: UntypedRequestEnvelope,
		rules: RouteRules,
		assessment: RequestAssessment | undefined,
	): Reason | undefined {
		return staticRejection(instance, request, restrictionsOf(rules), assessment);
	}

	/**
	 * The candidates of a request. The key of the cache contains everything that `staticRejection`, the index and the preferences read of a
	 * request, except its size: a set splits itself by size. Of the fields, the key has the effect on the instances alone.
	 */
	#candidates(
		request: UntypedRequestEnvelope,
		rules: RouteRules,
		guestClass: string,
		policy: types.Policy,
		assessment: RequestAssessment | undefined,
	): CandidateSet {
		const { operation, requirements, routing } = request;
		const hasLists = routing.backend !== undefined || routing.allowlist.length + routing.denylist.length > 0;
		const serving = this.#index.find(operation, requestedModel(request));
		const { region_hint, cost_hint: cost } = routing;
		const region = region_hint !== undefined && this.#index.hasRegion(region_hint) ? region_hint : undefined;
		const isPlain = !hasLists && (assessment === undefined || assessment.key === "");
		const last = this.#last;
		if (
			isPlain &&
			last !== undefined &&
			last.serving === serving &&
			last.operation === operation &&
			last.policy === policy &&
			last.lowCost === (cost === "low") &&
			last.region === region &&
			last.guestClass === guestClass &&
			sameRequirements(last.requirements, requirements)
		) {
			return last.set.forSize(request.size);
		}
		const set = this.#findCandidates(request, { rules, guestClass, policy, assessment }, serving, region);
		if (isPlain) this.#last = { serving, operation, policy, lowCost: cost === "low", region, guestClass, requirements, set };
		return set.forSize(request.size);
	}

	/** Returns the set of a request from the cache, or creates it. Not one function with the above, whose memory its closures would take. */
	#findCandidates(request: UntypedRequestEnvelope, selection: Selection, serving: ServingSet, region: string | undefined): CandidateSet {
		const { rules, guestClass, policy, assessment } = selection;
		const { operation, requirements, routing } = request;
		const { cost_hint: cost } = routing;
		const hasLists = routing.backend !== undefined || routing.allowlist.length + routing.denylist.length > 0;
		const key = [
			`${operation} ${policy} ${cost === "low" ? cost : ""} ${region ?? ""}`,
			guestClass,
			serving.id,
			// Guests write these names: joined without quotes, two different lists could be equal.
			JSON.stringify([requirements, routing.backend ?? null, routing.allowlist, routing.denylist]),
			assessment === undefined || assessment.key === "" ? "" : JSON.stringify([assessment.key, request.declared_features ?? []]),
		].join("\n");
		return (hasLists ? this.#restrictedSets : this.#sets).get(key, () => {
			const unrestricted = hasLists ? this.#candidates(withoutLists(request), rules, guestClass, policy, assessment) : undefined;
			const restrictions = { ...restrictionsOf(rules), ofSession: true };
			const anySize = ofAnySize(request);
			const servings = serving.list().filter(({ instance }) => staticRejection(instance, anySize, restrictions, assessment) === undefined);
			const statsKey = `${operation}/${requirements.required_transports.join()}`;
			return new CandidateSet(
				servings,
				{ operation, statsKey, policy, preferences: { region, cost } },
				{
					random: this.#context.random,
					recoveryEpoch: this.#context.recoveryEpoch,
					placesSessions: this.#context.peers !== undefined && rules.affinity && policy !== "consistent_hash",
					ejection: this.config.settings.ejection,
					unrestricted,
				},
			);
		});
	}
}

/** A set of candidates, and everything that the key of its cache depends on. */
interface LastCandidates {
	readonly serving: ServingSet;
	readonly operation: Operation;
	readonly policy: types.Policy;
	readonly lowCost: boolean;
	readonly region: string | undefined;
	readonly guestClass: string;
	readonly requirements: types.Requirements;
	readonly set: CandidateSet;
}

function sameRequirements(a: types.Requirements, b: types.Requirements): boolean {
	return (
		sameNames(a.required_ops, b.required_ops) &&
		sameNames(a.required_features, b.required_features) &&
		sameNames(a.required_transports, b.required_transports)
	);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
	if (a === b) return true;
	if (a.length !== b.length) return false;
	// Without a closure, because each decision compares three lists.
	for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
	return true;
}

function restrictionsOf(rules: RouteRules): Restrictions {
	return { host: rules, guest: rules.guest };
}

/** The request without its own lists and without a size. */
function withoutLists(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { backend: _, ...routing } = request.routing;
	return { ...ofAnySize(request), routing: { ...routing, allowlist: [], denylist: [] } };
}

/** The request without a size. No limit rejects it. */
function ofAnySize(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { size: _, ...rest } = request;
	return rest;
}
