import type { RequestEnvelope, RequestSize, UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import {
	demandedFeatures,
	FEATURES,
	type Feature,
	OPERATIONS,
	type Operation,
	type OperationMap,
	type Transport,
} from "../../generated/ir/operations.ts";
import type * as types from "../../generated/ir/types.ts";
import { chained } from "../async/chained.ts";
import { guestName } from "../errors/guest-name.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { TraceContext } from "../identity/trace-context.ts";
import { normalizers } from "./normalizers.ts";
import { opaqueParts } from "./opaque-parts.ts";
import type { PartSealer } from "./part-seal.ts";
import type { MediaAdmission } from "./request-media.ts";
import { sizeEstimators } from "./size-estimators.ts";
import { validated } from "./validate.ts";

/** A call of a guest or a client, with the host's state of the call gathered into one payload. */
export interface CallInput<O extends Operation> {
	readonly operation: O;
	readonly payload: OperationMap[O]["payload"];
	/** The caller's routing, requirements and deadline. */
	readonly options: types.CallOptions | undefined;
	/** The shape of the exchange: one response, a stream, or both ways. */
	readonly transport: Transport;
	/** The span that the call belongs to. The default is that of the context. */
	readonly trace?: TraceContext | undefined;
	/** Id of the request. The default is a new one. */
	readonly requestId?: string | undefined;
}

/** The host's decisions that apply to every call. */
export interface NormalizeContext {
	/** Returns a new id for each request. */
	readonly newRequestId: () => string;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
	/**
	 * Returns the longest time of a call, in milliseconds. Also the deadline of a call that names none. `undefined` if a later check of the
	 * request applies the limit.
	 */
	readonly maxTimeoutMs: (operation: Operation) => number | undefined;
	/** Seals the opaque parts of answers, and opens the parts that are returned. */
	readonly seal: PartSealer;
	/** The span that calls belong to. The default is none. */
	readonly trace?: TraceContext | undefined;
}

/**
 * Returns the canonical request of a call: validated, with defaults and equal spellings made one, with an estimated size and all requirements on a backend. Uses no network.
 * Returns no promise unless the request holds media, opaque parts or a long list.
 *
 * @throws SpearError `invalid_request` or `not_permitted`, naming the member at fault.
 */
export function normalize<O extends Operation>(
	input: CallInput<O>,
	context: NormalizeContext,
	media: MediaAdmission,
): RequestEnvelope<O> | Promise<RequestEnvelope<O>> {
	const { operation, options } = input;
	validated.payload(operation, input.payload);
	if (options !== undefined) validated.callOptions(options);
	return chained(opaqueParts[operation].open(input.payload, context.seal), (opened) =>
		chained(normalizers[operation](opened, media), (payload) =>
			chained(sizeEstimators[operation](payload, media), (size) => envelopeOf(input, context, payload, size)),
		),
	);
}

function envelopeOf<O extends Operation>(
	input: CallInput<O>,
	context: NormalizeContext,
	payload: OperationMap[O]["payload"],
	size: RequestSize,
): RequestEnvelope<O> {
	const { operation, options } = input;
	const timeoutMs = shorter(options?.timeout_ms, context.maxTimeoutMs(operation));
	const trace = input.trace ?? context.trace;
	const created_at_ms = context.wallClock();
	// Optional members are set one by one. Spread into the object, they would make it slow to create.
	const envelope: RequestEnvelope<O> = {
		version: 1,
		request_id: input.requestId ?? context.newRequestId(),
		operation,
		meta: trace === undefined ? { created_at_ms } : { trace_id: trace.traceId, span_id: trace.spanId, created_at_ms },
		routing: options?.routing ?? { allowlist: [], denylist: [], preferred: [] },
		requirements: requirements(input, payload),
		payload,
		provider_options: options?.provider_options ?? {},
	};
	if (Object.keys(size).length > 0) envelope.size = size;
	if (timeoutMs !== undefined) envelope.timeout_ms = timeoutMs;
	if (options !== undefined) addOptions(envelope, options);
	return envelope;
}

/** Adds the optional members that the caller's options hold. */
function addOptions(envelope: UntypedRequestEnvelope, { task_id, requirements, policy, degradation }: types.CallOptions): void {
	if (task_id !== undefined) envelope.task_id = task_id;
	if (requirements !== undefined && requirements.required_features.length > 0)
		envelope.declared_features = [...requirements.required_features];
	if (policy !== undefined) envelope.policy = policy;
	if (degradation !== undefined) envelope.degradation = degradation;
}

function shorter(one: number | undefined, other: number | undefined): number | undefined {
	return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Returns the requirements that the caller declared, and those that follow from the payload and the transport. */
function requirements<O extends Operation>(input: CallInput<O>, payload: OperationMap[O]["payload"]): types.Requirements {
	const declared = input.options?.requirements;
	const demanded: ReadonlySet<Feature> = demandedFeatures[input.operation](payload);
	if (declared === undefined) return { required_ops: [], required_features: [...demanded].sort(), required_transports: [input.transport] };
	const known: readonly string[] = FEATURES;
	const unknown = declared.required_features.find((name) => !known.includes(name));
	if (unknown !== undefined) {
		throw new SpearError(
			"invalid_request",
			`options.requirements.required_features: unknown feature '${guestName(unknown)}'; discovery lists the features that this host knows`,
		);
	}
	const operations: readonly string[] = Object.keys(OPERATIONS);
	const unknownOp = declared.required_ops.find((name) => !operations.includes(name));
	if (unknownOp !== undefined) {
		throw new SpearError(
			"invalid_request",
			`options.requirements.required_ops: unknown operation '${guestName(unknownOp)}'; known operations are ${operations.join(", ")}`,
		);
	}
	return {
		required_ops: [...declared.required_ops],
		required_features: [...new Set([...declared.required_features, ...demanded])].sort(),
		required_transports: [...new Set([...declared.required_transports, input.transport])].sort(),
	};
}
