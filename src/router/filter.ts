import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { OPERATIONS, type Operation, type Transport } from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import type { Instance } from "./instance.ts";
import { requestedModel } from "./requested-model.ts";

/** The host's own restrictions for an operation. A request can narrow them, never widen them. */
export interface RoutePolicy {
	readonly allow?: readonly string[];
	readonly deny?: readonly string[];
}

export interface Candidates {
	readonly eligible: readonly Instance[];
	readonly rejected: readonly types.Rejection[];
}

/** Sorts all instances into those that satisfy every hard constraint of a request and those that do not, each with its first reason. */
export function filterCandidates(instances: readonly Instance[], request: RequestEnvelope<Operation>, policy: RoutePolicy): Candidates {
	return sift(instances, (instance) => reject(instance, request, policy));
}

/** The instances that may serve requests of an operation at all, of one model or of any, whatever else a request says. */
export function usableInstances(
	instances: readonly Instance[],
	operation: Operation,
	model: string | undefined,
	policy: RoutePolicy,
): Candidates {
	return sift(instances, (instance) => {
		const offered = instance.operations.get(operation);
		return (
			rejectByPolicy(instance, policy, "the host's") ??
			(offered === undefined ? { reason: "operation", detail: operation } : undefined) ??
			(model === undefined || serves(offered?.models ?? [], model) ? undefined : { reason: "model", detail: model }) ??
			(instance.hasKey() ? undefined : { reason: "no_key" })
		);
	});
}

function sift(instances: readonly Instance[], judge: (instance: Instance) => Reason | undefined): Candidates {
	const eligible: Instance[] = [];
	const rejected: types.Rejection[] = [];
	for (const instance of instances) {
		const rejection = judge(instance);
		if (rejection === undefined) eligible.push(instance);
		else rejected.push({ backend: instance.name, ...rejection });
	}
	return { eligible, rejected };
}

type Reason = Omit<types.Rejection, "backend">;

function reject(instance: Instance, request: RequestEnvelope<Operation>, policy: RoutePolicy): Reason | undefined {
	return (
		rejectByPolicy(instance, policy, "the host's") ??
		rejectByRouting(instance, request.routing) ??
		rejectByCapability(instance, request) ??
		rejectByModel(instance, request) ??
		(instance.hasKey() ? undefined : { reason: "no_key" })
	);
}

function rejectByPolicy(instance: Instance, policy: RoutePolicy, whose: string): Reason | undefined {
	if (policy.deny?.includes(instance.name)) return { reason: "denied", detail: `${whose} deny list names it` };
	if (policy.allow !== undefined && !policy.allow.includes(instance.name)) {
		return { reason: "not_allowed", detail: `${whose} allow list leaves it out` };
	}
	return undefined;
}

function rejectByRouting(instance: Instance, routing: types.Routing | undefined): Reason | undefined {
	if (routing === undefined) return undefined;
	if (routing.backend !== undefined && routing.backend !== instance.name) {
		return { reason: "not_allowed", detail: `the request asks for '${routing.backend}'` };
	}
	const allow = routing.allowlist.length > 0 ? { allow: routing.allowlist } : {};
	return rejectByPolicy(instance, { ...allow, deny: routing.denylist }, "the request's");
}

function rejectByCapability(instance: Instance, request: RequestEnvelope<Operation>): Reason | undefined {
	const offered = instance.operations.get(request.operation);
	if (offered === undefined) return { reason: "operation", detail: request.operation };
	const { required_ops, required_features, required_transports } = request.requirements;
	const operation = required_ops.find((name) => ![...instance.operations.keys()].some((own) => own === name));
	if (operation !== undefined) return { reason: "operation", detail: operation };
	const features: ReadonlySet<string> = offered.features;
	const feature = required_features.find((name) => !features.has(name));
	if (feature !== undefined) return { reason: "feature", detail: feature };
	const transports: ReadonlySet<string> = offered.transports;
	const transport = required_transports.find((name: Transport) => !transports.has(name));
	if (transport !== undefined) return { reason: "transport", detail: transport };
	return undefined;
}

function rejectByModel(instance: Instance, request: RequestEnvelope<Operation>): Reason | undefined {
	const model = requestedModel(request);
	const models = instance.operations.get(request.operation)?.models ?? [];
	if (model === undefined) {
		if (models.length > 0 || !OPERATIONS[request.operation].namesModel) return undefined;
		return { reason: "model", detail: "the request names no model and this backend has no default" };
	}
	return serves(models, model) ? undefined : { reason: "model", detail: model };
}

/** No model at all means any. */
function serves(models: readonly string[], model: string): boolean {
	return models.length === 0 || models.includes(model);
}
