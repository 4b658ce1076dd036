import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { DEFAULT_POLICIES, type GuestRoute, IDEMPOTENT, type RouterSettings, type RouteSettings } from "../settings.ts";

/** What holds for the requests of one operation and one guest, every default filled in. */
export interface RouteRules extends RouteSettings {
	readonly policy: types.Policy;
	readonly requestPolicies: readonly types.Policy[];
	readonly maxAttempts: number;
	readonly idempotent: boolean;
	readonly affinity: boolean;
	/** Whether a wish for little latency may change the policy. */
	readonly latencyHint: boolean;
	readonly guest: GuestRoute | undefined;
}

export function routeRules(operation: Operation, router: RouterSettings, route: RouteSettings, guest: GuestRoute | undefined): RouteRules {
	const requestPolicies = guest?.requestPolicies ?? route.requestPolicies ?? [];
	return {
		...route,
		policy: guest?.policy ?? route.policy ?? DEFAULT_POLICIES[operation] ?? "round_robin",
		requestPolicies,
		maxAttempts: route.maxAttempts ?? router.maxAttempts,
		idempotent: route.idempotent ?? IDEMPOTENT.has(operation),
		affinity: route.affinity ?? true,
		latencyHint: requestPolicies.includes("ewma_latency") || (guest?.policy === undefined && route.policy === undefined),
		guest,
	};
}

/** Policies that spread load without a word about where: a wish for little latency may take their place. */
const SPREADING: ReadonlySet<types.Policy> = new Set(["round_robin", "weighted_round_robin", "weighted_random", "least_inflight"]);

/** The policy of one request. One that it asks for and the host does not let it choose is refused: it would have had the host's own. */
export function policyFor(
	request: UntypedRequestEnvelope,
	rules: RouteRules,
): { readonly policy: types.Policy; readonly refusal: SpearError | undefined } {
	const { policy: asked, operation } = request;
	if (asked !== undefined && asked !== rules.policy) {
		if (rules.requestPolicies.includes(asked)) return { policy: asked, refusal: undefined };
		const choice = rules.requestPolicies.length === 0 ? "the host leaves no choice" : `the host allows ${rules.requestPolicies.join(", ")}`;
		const message = `options.policy: '${asked}' may not be chosen for ${operation}; ${choice}`;
		return { policy: rules.policy, refusal: new SpearError("not_permitted", message, { operation }) };
	}
	const quick = request.routing.latency_hint === "low" && rules.latencyHint && SPREADING.has(rules.policy);
	return { policy: quick ? "ewma_latency" : rules.policy, refusal: undefined };
}
