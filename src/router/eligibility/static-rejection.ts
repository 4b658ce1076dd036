import type { UntypedRequestEnvelope } from "../../../generated/ir/envelope.ts";
import { OPERATIONS, type Operation, type Transport } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { guestName } from "../../errors/guest-name.ts";
import { defaultModel, servesModel } from "../../models/resolve-model.ts";
import { requestedModel } from "../../operations/requested-model.ts";
import type { Assessment } from "../degradation/assessment.ts";
import type { RequestAssessment } from "../degradation/rule-book.ts";
import type { Instance } from "../instances/instance.ts";
import type { RoutePolicy } from "../settings.ts";
import { modelOffer } from "./model-offer.ts";
import { exceeds } from "./request-limits.ts";

/** The first hard constraint that an instance fails. */
export type Reason = Omit<types.Rejection, "backend">;

/** Lists of allowed and denied instances, by their owner, which the reason names. */
export interface Restrictions {
	readonly host: RoutePolicy;
	/** The default is no restriction. */
	readonly guest?: RoutePolicy | undefined;
	/** True for requests of sessions, which instances that are draining still serve. The default is false. */
	readonly ofSession?: boolean;
}

/**
 * Returns the reason why an instance can never serve a request; `undefined` if it can. Checks what does not change while the request
 * waits: lists of host, guest and request, capabilities, rules of fields, models and limits.
 *
 * @param assessment Treatment of the request by the rules of the instances. The default is that all instances send every field.
 */
export function staticRejection(
	instance: Instance,
	request: UntypedRequestEnvelope,
	restrictions: Restrictions,
	assessment?: RequestAssessment,
): Reason | undefined {
	const treatment = assessment?.of(instance);
	return (
		byRestrictions(instance, restrictions) ??
		byRouting(instance, request.routing) ??
		byCapability(instance, request, treatment) ??
		byModel(instance, request.operation, requestedModel(request)) ??
		(treatment?.rejection === undefined ? undefined : { reason: "degradation", detail: treatment.rejection }) ??
		byLimits(instance, request)
	);
}

/**
 * Returns the reason why an instance cannot serve any request of an operation; `undefined` if it can.
 *
 * @param model Model that the requests name. `undefined` for any.
 */
export function usabilityRejection(
	instance: Instance,
	operation: Operation,
	model: string | undefined,
	restrictions: Restrictions,
): Reason | undefined {
	const offer = instance.operations.get(operation);
	return (
		byRestrictions(instance, restrictions) ??
		(offer === undefined || offer.isClosed === true ? { reason: "operation", detail: operation } : undefined) ??
		(model === undefined || servesModel(offer?.models ?? [], model) ? undefined : { reason: "model", detail: guestName(model) }) ??
		(instance.keys.present ? undefined : { reason: "no_key" })
	);
}

function byRestrictions(instance: Instance, { host, guest, ofSession }: Restrictions): Reason | undefined {
	return (
		bySetAside(instance, ofSession === true) ??
		byLists(instance, host, "the host's") ??
		(guest === undefined ? undefined : byLists(instance, guest, "this guest's")) ??
		(instance.weight === 0 ? { reason: "denied", detail: "its weight is 0: it gets no new requests" } : undefined)
	);
}

function bySetAside({ setAside }: Instance, ofSession: boolean): Reason | undefined {
	if (setAside === undefined || (setAside === "draining" && ofSession)) return undefined;
	return { reason: "denied", detail: setAside === "disabled" ? "it is disabled" : "it is draining: it serves its own sessions only" };
}

function byLists(instance: Instance, { allow, deny }: RoutePolicy, owner: string): Reason | undefined {
	if (deny !== undefined && namesOf(deny).has(instance.name)) return { reason: "denied", detail: `${owner} deny list names it` };
	if (allow !== undefined && !namesOf(allow).has(instance.name))
		return { reason: "not_allowed", detail: `${owner} allow list does not name it` };
	return undefined;
}

const setsOfLists = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A list as a set, cached: the same list is searched for every instance. */
function namesOf(list: readonly string[]): ReadonlySet<string> {
	const cached = setsOfLists.get(list);
	if (cached !== undefined) return cached;
	const created = new Set(list);
	setsOfLists.set(list, created);
	return created;
}

function byRouting(instance: Instance, routing: types.Routing): Reason | undefined {
	if (routing.backend !== undefined && routing.backend !== instance.name) {
		return { reason: "not_allowed", detail: `the request names '${guestName(routing.backend)}'` };
	}
	const allow = routing.allowlist.length > 0 ? routing.allowlist : undefined;
	return byLists(instance, { allow, deny: routing.denylist }, "the request's");
}

function byCapability(instance: Instance, request: UntypedRequestEnvelope, treatment: Assessment | undefined): Reason | undefined {
	const offered = instance.operations.get(request.operation);
	if (offered === undefined || offered.isClosed === true) return { reason: "operation", detail: request.operation };
	const { required_ops, required_features, required_transports } = request.requirements;
	const operations: ReadonlySet<string> = new Set(instance.operations.keys());
	const operation = required_ops.find((name) => !operations.has(name));
	if (operation !== undefined) return { reason: "operation", detail: operation };
	const features: ReadonlySet<string> = offered.features;
	const replaced = treatment?.replacedFeatures;
	const declared = request.declared_features ?? [];
	const feature = required_features.find((name) => !features.has(name) && (replaced?.has(name) !== true || declared.includes(name)));
	if (feature !== undefined) return { reason: "feature", detail: feature };
	const transports: ReadonlySet<string> = offered.transports;
	const transport = required_transports.find((name: Transport) => !transports.has(name));
	if (transport !== undefined) return { reason: "transport", detail: transport };
	return undefined;
}

function byModel(instance: Instance, operation: Operation, model: string | undefined): Reason | undefined {
	const models = instance.operations.get(operation)?.models ?? [];
	if (model !== undefined) return servesModel(models, model) ? undefined : { reason: "model", detail: guestName(model) };
	if (defaultModel(models) !== undefined || !OPERATIONS[operation].namesModel) return undefined;
	return { reason: "model", detail: "the request names no model and this backend has no default" };
}

function byLimits(instance: Instance, request: UntypedRequestEnvelope): Reason | undefined {
	const detail = exceeds(modelOffer(instance, request.operation, requestedModel(request)).limits, request.size);
	return detail === undefined ? undefined : { reason: "limit", detail };
}
