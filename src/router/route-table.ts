import type { UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { SpearError } from "../errors/spear-error.ts";
import type { Verdicts } from "./decision/explanation.ts";
import { CapabilityIndex } from "./eligibility/capability-index.ts";
import { requestedModel } from "./eligibility/requested-model.ts";
import { policyFor, type RouteRules, routeRules } from "./eligibility/route-rules.ts";
import { lastingReason, type Reason, type Restrictions, usabilityReason } from "./eligibility/static-rejection.ts";
import { passingReason } from "./eligibility/transient-rejection.ts";
import type { Instance } from "./instances/instance.ts";
import { type GuestIdentity, Guests } from "./limits/guests.ts";
import type { Caller } from "./limits/request-charges.ts";
import { MANY, UNSEEN_MS } from "./load-balancing/availability-summary.ts";
import { Plan, type PlanContext } from "./load-balancing/candidate-set.ts";
import { PlanCache } from "./load-balancing/candidate-set-cache.ts";
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
	readonly plan: Plan;
	readonly rules: RouteRules;
	readonly caller: Caller;
	/** Why the request is not permitted at all: it asks for a policy that the host does not let it choose. */
	readonly refusal: SpearError | undefined;
}

/** One configuration as the router uses it: whom a request may go to, by which rules. A new configuration is a new table. */
export class RouteTable {
	readonly config: RoutingConfig;
	readonly guests: Guests;
	readonly #context: Omit<PlanContext, "ejection" | "wide">;
	readonly #index: CapabilityIndex;
	readonly #plans = new PlanCache();
	/** Plans of requests with lists of their own: whoever thinks up many of those drives out no others. */
	readonly #listed = new PlanCache();
	readonly #rules = new Map<string, RouteRules>();
	readonly #byName: ReadonlyMap<string, Instance>;
	/** What was said last of all instances, by the plan it was said for; where there are many. */
	readonly #verdicts = new WeakMap<Plan, Verdicts & { readonly at: number; readonly sized: boolean }>();
	#users = 0;
	#retired: (() => void) | undefined;

	constructor(config: RoutingConfig, context: Omit<PlanContext, "ejection" | "wide">, before?: RouteTable) {
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
		return { plan: this.#plan(request, rules, guestClass, policy), rules, caller: this.guests.caller(guest), refusal };
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
	judge(request: UntypedRequestEnvelope, route: Route, now: number, chosen: readonly string[]): Verdicts {
		const { eligible, rejected } = this.#judgeAll(request, route, now);
		if (chosen.length === 0) return { eligible, rejected };
		const known = new Set(chosen);
		return {
			eligible: [...chosen, ...eligible.filter((name) => !known.has(name))],
			rejected: rejected.filter(({ backend }) => !known.has(backend)),
		};
	}

	#judgeAll(request: UntypedRequestEnvelope, route: Route, now: number): Verdicts {
		const { instances } = this.config;
		const last = this.#verdicts.get(route.plan);
		if (last === undefined || instances.length < MANY || now - last.at >= instances.length * UNSEEN_MS) {
			const fresh = this.#lookAtAll(request, route, now);
			if (instances.length >= MANY) this.#keep(route.plan, fresh, now);
			return fresh;
		}
		// Requests of one plan differ in their size alone, which is nobody else's affair.
		if (!last.sized) return last;
		const rejected = last.rejected.map((each) => {
			const instance = each.reason === "limit" ? this.instance(each.backend) : undefined;
			const reason = instance === undefined ? undefined : this.lastingReason(instance, request, route.rules);
			return reason === undefined ? each : { backend: each.backend, ...reason };
		});
		return { eligible: last.eligible, rejected };
	}

	#keep(plan: Plan, verdicts: Verdicts, at: number): void {
		this.#verdicts.set(plan, { ...verdicts, at, sized: verdicts.rejected.some(({ reason }) => reason === "limit") });
	}

	#lookAtAll(request: UntypedRequestEnvelope, { plan, rules }: Route, now: number): Verdicts {
		const restrictions = restrictionsOf(rules);
		const eligible: string[] = [];
		const rejected: Verdicts["rejected"][number][] = [];
		for (const instance of plan.inOrder()) {
			const reason = passingReason(instance, request.operation, now);
			if (reason === undefined) eligible.push(instance.name);
			else rejected.push({ backend: instance.name, ...reason });
		}
		for (const instance of this.config.instances) {
			if (plan.members.has(instance)) continue;
			rejected.push({ backend: instance.name, ...(lastingReason(instance, request, restrictions) ?? UNEXPLAINED) });
		}
		return { eligible, rejected };
	}

	/** The instances that may serve an operation at all, of one model or of any, and why the others may not. */
	usable(operation: Operation, model: string | undefined, guest: GuestIdentity): { eligible: Instance[]; rejected: Verdicts["rejected"] } {
		const restrictions = restrictionsOf(this.rules(operation, this.guests.classOf(guest)));
		const eligible: Instance[] = [];
		const rejected: Verdicts["rejected"][number][] = [];
		for (const instance of this.config.instances) {
			const reason = usabilityReason(instance, operation, model, restrictions);
			if (reason === undefined) eligible.push(instance);
			else rejected.push({ backend: instance.name, ...reason });
		}
		return { eligible, rejected };
	}

	/** Why a request may never go to an instance; `undefined` when it may. */
	lastingReason(instance: Instance, request: UntypedRequestEnvelope, rules: RouteRules): Reason | undefined {
		return lastingReason(instance, request, restrictionsOf(rules));
	}

	#plan(request: UntypedRequestEnvelope, rules: RouteRules, guestClass: string, policy: types.Policy): Plan {
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
		const plan = (listed ? this.#listed : this.#plans).get(key, () => {
			const wide = listed ? this.#plan(withoutLists(request), rules, guestClass, policy) : undefined;
			const serving = models
				.list()
				.filter(({ instance }) => lastingReason(instance, withoutDemand(request), restrictionsOf(rules)) === undefined);
			const signal = `${operation}/${requirements.required_transports.join()}`;
			return new Plan(
				serving,
				{ operation, signal, policy, wishes: { region, cost } },
				{ ...this.#context, ejection: this.config.settings.ejection, wide },
			);
		});
		return plan.admitting(request.demand);
	}
}

/** An instance outside the plan fails some constraint; were there none to name, this is a fault of the router's own that must show. */
const UNEXPLAINED: Reason = { reason: "operation", detail: "not found by the index" };

function restrictionsOf(rules: RouteRules): Restrictions {
	return { host: rules, guest: rules.guest };
}

/** Without the request's own choice of instances, and of every size. */
function withoutLists(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { backend: _, ...routing } = request.routing;
	return { ...withoutDemand(request), routing: { ...routing, allowlist: [], denylist: [] } };
}

/** A plan is made for requests of every size; limits come after. */
function withoutDemand(request: UntypedRequestEnvelope): UntypedRequestEnvelope {
	const { demand: _, ...rest } = request;
	return rest;
}
