import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { DEFAULT_POLICIES, type GuestRoute, IDEMPOTENT, type RouterSettings, type RouteSettings } from "../settings.ts";

/** The rules for the requests of one operation and one class of guests, with all defaults applied. */
export interface RouteRules extends RouteSettings {
	readonly policy: types.Policy;
	readonly requestPolicies: readonly types.Policy[];
	readonly maxAttempts: number;
	readonly degradation: types.Degradation;
	readonly idempotent: boolean;
	readonly affinity: boolean;
	/** True if a request that asks for low latency may get `ewma_latency` in place of the policy. */
	readonly latencyHint: boolean;
	/** Settings of the guest for this operation. `undefined` for none. */
	readonly guest: GuestRoute | undefined;
	/** The choice of a request that asks for no policy. */
	readonly usual: PolicyChoice;
}

/** Returns the rules that follow from the settings of the router, of the operation and of the guest. The latter win. */
export function routeRules(operation: Operation, router: RouterSettings, route: RouteSettings, guest: GuestRoute | undefined): RouteRules {
	const requestPolicies = guest?.requestPolicies ?? route.requestPolicies ?? [];
	const policy = guest?.policy ?? route.policy ?? DEFAULT_POLICIES[operation] ?? "round_robin";
	return {
		...route,
		policy,
		usual: { policy, refusal: undefined },
		requestPolicies,
		maxAttempts: route.maxAttempts ?? router.maxAttempts,
		degradation: guest?.degradation ?? route.degradation ?? router.degradation,
		idempotent: route.idempotent ?? IDEMPOTENT.has(operation),
		affinity: route.affinity ?? true,
		latencyHint: requestPolicies.includes("ewma_latency") || (guest?.policy === undefined && route.policy === undefined),
		guest,
	};
}

/** Policies that only spread the load. `priority` and `consistent_hash` say where requests go; a latency hint must not override that. */
const SPREADING: ReadonlySet<types.Policy> = new Set(["round_robin", "weighted_round_robin", "weighted_random", "least_inflight"]);

/** The policy of one request. */
export interface PolicyChoice {
	readonly policy: types.Policy;
	/** Error for a request that asks for a policy that it may not choose. `undefined` if the request is permitted. */
	readonly refusal: SpearError | undefined;
}

/** Returns the policy of one request: the one that it asks for, if the host allows that, else the one of its rules. */
export function policyFor(request: UntypedRequestEnvelope, rules: RouteRules): PolicyChoice {
	const { policy: requested, operation } = request;
	if (requested !== undefined && requested !== rules.policy) {
		if (rules.requestPolicies.includes(requested)) return { policy: requested, refusal: undefined };
		const allowed = rules.requestPolicies.length === 0 ? "no other policy" : rules.requestPolicies.join(", ");
		const message = `options.policy: '${requested}' may not be chosen for ${operation}; the host allows ${allowed}`;
		return { policy: rules.policy, refusal: new SpearError("not_permitted", message, { operation }) };
	}
	const byLatency = request.routing.latency_hint === "low" && rules.latencyHint && SPREADING.has(rules.policy);
	return byLatency ? { policy: "ewma_latency", refusal: undefined } : rules.usual;
}
