import type { UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { EligibilityReport } from "./decision/explanation.ts";
import { CapabilityIndex } from "./eligibility/capability-index.ts";
import { requestedModel } from "./eligibility/requested-model.ts";
import { policyFor, type RouteRules, routeRules } from "./eligibility/route-rules.ts";
import { type Reason, type Restrictions, staticRejection, usabilityRejection } from "./eligibility/static-rejection.ts";
import { transientRejection } from "./eligibility/transient-rejection.ts";
import type { Instance } from "./instances/instance.ts";
import { Guests } from "./limits/guests.ts";
import { LARGE_SET, MAX_STALENESS_MS } from "./load-balancing/availability-summary.ts";
import { CandidateSet, type CandidateSetContext } from "./load-balancing/candidate-set.ts";
import { CandidateSetCache } from "./load-balancing/candidate-set-cache.ts";
import type { GuestSettings, RouterSettings, RouteSettings } from "./settings.ts";

/** All that a configuration says of routing. */
export interface RoutingConfig {
	readonly instances: readonly Instance[];
	/** The host's choices by operation. */
	readonly routes: ReadonlyMap<Operation, RouteSettings>;
	/** By the guest's name; `*` for those not named. */
	readonly guests: ReadonlyMap<string, GuestSettings>;
	readonly settings: RouterSettings;
}

/** What holds for one request. */
export interface Route {
	readonly candidates: CandidateSet;
	readonly rules: RouteRules;
	readonly guest: GuestIdentity;
	/** The limits of the guest; `undefined` for none. */
	readonly guestSettings: GuestSettings | undefined;
	/** Why the request is not permitted at all: it asks for a policy that the host does not let it choose. */
	readonly refusal: SpearError | undefined;
}

/** One configuration as the router uses it: whom a request may go to, by which rules. A new configuration is a new table. */
export class RouteTable {
	readonly config: RoutingConfig;
	readonly guests: Guests;
	readonly #context: Omit<CandidateSetContext, "ejection" | "unrestricted">;
	readonly #index: CapabilityIndex;
	readonly #sets = new CandidateSetCache();
	/** Plans of requests with lists of their own: whoever thinks up many of those drives out no others. */
	readonly #listed = new CandidateSetCache();
	readonly #rules = new Map<string, RouteRules>();
	readonly #byName: ReadonlyMap<string, Instance>;
	/** What was said last of all instances, by the set it was said for; where there are many. */
	readonly #reports = new WeakMap<CandidateSet, EligibilityReport & { readonly at: number; readonly sized: boolean }>();
	#users = 0;
	#retired: (() => void) | undefined;

	constructor(config: RoutingConfig, context: Omit<CandidateSetContext, "ejection" | "unrestricted">, before?: RouteTable) {
		this.config = config;
		this.#context = context;
		this.guests = new Guests(config.guests, before?.guests);
		this.#index = new CapabilityIndex(config.instances);
		this.#byName = new Map(config.instances.map((instance) => [instance.name, instance]));
	}

	/** A request goes by this table from here on. Gives what says that it does no more. */
	enter(): () => void {
		this.#users += 1;
		let inside = true;
		return () => {
			if (!inside) return;
			inside = false;
			this.#users -= 1;
			if (this.#users === 0) this.#retired?.();
		};
	}

	/** Another table has taken its place: resolves when no request goes by this one any more. */
	retire(): Promise<void> {
		return new Promise((resolve) => {
			if (this.#users === 0) resolve();
			else this.#retired = resolve;
		});
	}

	instance(name: string): Instance | undefined {
		return this.#byName.get(name);
	}

	resolve(request: UntypedRequestEnvelope, guest: GuestIdentity): Route {
		const guestClass = this.guests.classOf(guest);
		const rules = this.rules(request.operation, guestClass);
		const { policy, refusal } = policyFor(request, rules);
		return {
			candidates: this.#set(request, rules, guestClass, policy),
			rules,
			guest,
			guestSettings: this.guests.settingsOf(guest),
			refusal,
		};
	}

	rules(operation: Operation, guestClass: string): RouteRules {
		const key = `${operation} ${guestClass}`;
		const found = this.#rules.get(key);
		if (found !== undefined) return found;
		const { routes, guests, settings } = this.config;
		const made = routeRules(operation, settings, routes.get(operation) ?? {}, guests.get(guestClass)?.routes.get(operation));
		this.#rules.set(key, made);
		return made;
	}

	/** What became of every instance, those chosen being eligible whatever they are now. Looks at all of them, but for many not each time. */
	evaluate(request: UntypedRequestEnvelope, route: Route, now: number, chosen: readonly string[]): EligibilityReport {
		const { eligible, rejected } = this.#evaluateAll(request, route, now);
		if (chosen.length === 0) return { eligible, rejected };
		const known = new Set(chosen);
		return {
			eligible: [...chosen, ...eligible.filter((name) => !known.has(name))],
			rejected: rejected.filter(({ backend }) => !known.has(backend)),
		};
	}

	#evaluateAll(request: UntypedRequestEnvelope, route: Route, now: number): EligibilityReport {
		const { instances } = this.config;
		const last = this.#reports.get(route.candidates);
		if (last === undefined || instances.length < LARGE_SET || now - last.at >= instances.length * MAX_STALENESS_MS) {
			const fresh = this.#lookAtAll(request, route, now);
			if (instances.length >= LARGE_SET) this.#keep(route.candidates, fresh, now);
			return fresh;
		}
		// Requests of one set differ in their size alone, which is nobody else's affair.
		if (!last.sized) return last;
		const rejected = last.rejected.map((each) => {
			const instance = each.reason === "limit" ? this.instance(each.backend) : undefined;
			const reason = instance === undefined ? undefined : this.staticRejection(instance, request, route.rules);
			return reason === undefined ? each : { backend: each.backend, ...reason };
		});
		return { eligible: last.eligible, rejected };
	}

	#keep(set: CandidateSet, report: EligibilityReport, at: number): void {
		this.#reports.set(set, { ...report, at, sized: report.rejected.some(({ reason }) => reason === "limit") });
	}

	#lookAtAll(request: UntypedRequestEnvelope, { candidates, rules }: Route, now: number): EligibilityReport {
		const restrictions = restrictionsOf(rules);
		const eligible: string[] = [];
		const rejected: EligibilityReport["rejected"][number][] = [];
		for (const instance of candidates.inOrder()) {
			const reason = transientRejection(instance, request.operation, now);
			if (reason === undefined) eligible.push(instance.name);
			else rejected.push({ backend: instance.name, ...reason });
		}
		for (const instance of this.config.instances) {
			if (candidates.members.has(instance)) continue;
			rejected.push({ backend: instance.name, ...(staticRejection(instance, request, restrictions) ?? UNEXPLAINED) });
		}
		return { eligible, rejected };
	}

	/** The instances that may serve an operation at all, of one model or of any, and why the others may not. */
	usable(
		operation: Operation,
		model: string | undefined,
		guest: GuestIdentity,
	): { eligible: Instance[]; rejected: EligibilityReport["rejected"] } {
		const restrictions = restrictionsOf(this.rules(operation, this.guests.classOf(guest)));
		const eligible: Instance[] = [];
		const rejected: EligibilityReport["rejected"][number][] = [];
		for (const instance of this.config.instances) {
			const reason = usabilityRejection(instance, operation, model, restrictions);
			if (reason === undefined) eligible.push(instance);
			else rejected.push({ backend: instance.name, ...reason });
		}
		return { eligible, rejected };
	}

	/** Why a request may never go to an instance; `undefined` when it may. */
	staticRejection(instance: Instance, request: UntypedRequestEnvelope, rules: RouteRules): Reason | undefined {
		return staticRejection(instance, request, restrictionsOf(rules));
	}

	#set(request: UntypedRequestEnvelope, rules: RouteRules, guestClass: string, policy: types.Policy): CandidateSet {
		const { operation, requirements, routing } = request;
		const listed = routing.backend !== undefined || routing.allowlist.length + routing.denylist.length > 0;
		const models = this.#index.find(operation, requestedModel(request));
		const { region_hint, cost_hint: cost } = routing;
		const region = region_hint !== undefined && this.#index.hasRegion(region_hint) ? region_hint : undefined;
		const key = [
			`${operation} ${policy} ${cost === "low" ? cost : ""} ${region ?? ""}`,
			guestClass,
			models.id,
			// What guests write themselves: joined, two lists could read alike.
			JSON.stringify([requirements, routing.backend ?? null, routing.allowlist, routing.denylist]),
		].join("\n");
		const set = (listed ? this.#listed : this.#sets).get(key, () => {
			const unrestricted = listed ? this.#set(withoutLists(request), rules, guestClass, policy) : undefined;
			const serving = models
				.list()
				.filter(({ instance }) => staticRejection(instance, ofAnySize(request), restrictionsOf(rules)) === undefined);
			const statsKey = `${operation}/${requirements.required_transports.join()}`;
			return new CandidateSet(
				serving,
				{ operation, statsKey, policy, preferences: { region, cost } },
				{ ...this.#context, ejection: this.config.settings.ejection, unrestricted },
			);
		});
		return set.forSize(request.size);
	}
}

/** An instance outside the set fails some constraint; were there none to name, this is a fault of the router's own that must show. */
const UNEXPLAINED: Reason = { reason: "operation", detail: "not found by the index" };

function restrictionsOf(rules: RouteRules): Restrictions {
	return { host: rules, guest: rules.guest };
}

/** Without the request's own choice of instances, and of every size. */
function withoutLists(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { backend: _, ...routing } = request.routing;
	return { ...ofAnySize(request), routing: { ...routing, allowlist: [], denylist: [] } };
}

/** A set is made for requests of every size; limits come after. */
function ofAnySize(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { size: _, ...rest } = request;
	return rest;
}
