import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import { OPERATIONS, type Operation, type Transport } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { defaultModel, servesModel } from "../../models/resolve-model.ts";
import type { Instance } from "../instances/instance.ts";
import type { RoutePolicy } from "../settings.ts";
import { modelOffer } from "./model-offer.ts";
import { exceeds } from "./request-limits.ts";
import { requestedModel } from "./requested-model.ts";

/** Why an instance is passed over: the first hard constraint it fails. */
export type Reason = Omit<types.Rejection, "backend">;

/** Restrictions by whom they come from, for the reasons to say. */
export interface Restrictions {
	readonly host: RoutePolicy;
	readonly guest?: RoutePolicy | undefined;
}

/** Constraints that hold whatever the moment: the policies of host and guest, the request's own, capabilities and limits. */
export function staticRejection(instance: Instance, request: UntypedRequestEnvelope, restrictions: Restrictions): Reason | undefined {
	return (
		byHost(instance, restrictions) ??
		byRouting(instance, request.routing) ??
		byCapability(instance, request) ??
		byModel(instance, request.operation, requestedModel(request)) ??
		byLimits(instance, request)
	);
}

/** Whether an instance may serve an operation at all, with one model or with any, whatever else a request says; and why not. */
export function usabilityRejection(
	instance: Instance,
	operation: Operation,
	model: string | undefined,
	restrictions: Restrictions,
): Reason | undefined {
	const offer = instance.operations.get(operation);
	return (
		byHost(instance, restrictions) ??
		(offer === undefined ? { reason: "operation", detail: operation } : undefined) ??
		(model === undefined || servesModel(offer?.models ?? [], model) ? undefined : { reason: "model", detail: model }) ??
		(instance.keys.present ? undefined : { reason: "no_key" })
	);
}

function byHost(instance: Instance, { host, guest }: Restrictions): Reason | undefined {
	return (
		byLists(instance, host, "the host's") ??
		(guest === undefined ? undefined : byLists(instance, guest, "this guest's")) ??
		(instance.weight === 0 ? { reason: "denied", detail: "its weight is 0: it takes no new requests" } : undefined)
	);
}

function byLists(instance: Instance, { allow, deny }: RoutePolicy, whose: string): Reason | undefined {
	if (deny !== undefined && names(deny).has(instance.name)) return { reason: "denied", detail: `${whose} deny list names it` };
	if (allow !== undefined && !names(allow).has(instance.name))
		return { reason: "not_allowed", detail: `${whose} allow list leaves it out` };
	return undefined;
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A list as a set, made once: the same list is asked of every instance. */
function names(list: readonly string[]): ReadonlySet<string> {
	const found = sets.get(list);
	if (found !== undefined) return found;
	const made = new Set(list);
	sets.set(list, made);
	return made;
}

function byRouting(instance: Instance, routing: types.Routing): Reason | undefined {
	if (routing.backend !== undefined && routing.backend !== instance.name) {
		return { reason: "not_allowed", detail: `the request asks for '${routing.backend}'` };
	}
	const allow = routing.allowlist.length > 0 ? routing.allowlist : undefined;
	return byLists(instance, { allow, deny: routing.denylist }, "the request's");
}

function byCapability(instance: Instance, request: UntypedRequestEnvelope): Reason | undefined {
	const offered = instance.operations.get(request.operation);
	if (offered === undefined) return { reason: "operation", detail: request.operation };
	const { required_ops, required_features, required_transports } = request.requirements;
	const operations: ReadonlySet<string> = new Set(instance.operations.keys());
	const operation = required_ops.find((name) => !operations.has(name));
	if (operation !== undefined) return { reason: "operation", detail: operation };
	const features: ReadonlySet<string> = offered.features;
	const feature = required_features.find((name) => !features.has(name));
	if (feature !== undefined) return { reason: "feature", detail: feature };
	const transports: ReadonlySet<string> = offered.transports;
	const transport = required_transports.find((name: Transport) => !transports.has(name));
	if (transport !== undefined) return { reason: "transport", detail: transport };
	return undefined;
}

function byModel(instance: Instance, operation: Operation, model: string | undefined): Reason | undefined {
	const models = instance.operations.get(operation)?.models ?? [];
	if (model !== undefined) return servesModel(models, model) ? undefined : { reason: "model", detail: model };
	if (defaultModel(models) !== undefined || !OPERATIONS[operation].namesModel) return undefined;
	return { reason: "model", detail: "the request names no model and this backend has no default" };
}

function byLimits(instance: Instance, request: UntypedRequestEnvelope): Reason | undefined {
	const detail = exceeds(modelOffer(instance, request.operation, requestedModel(request)).limits, request.size);
	return detail === undefined ? undefined : { reason: "limit", detail };
}
