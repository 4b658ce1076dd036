import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { OperationBackends } from "../../../generated/backends/operations.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation, OperationMap, Transport } from "../../../generated/ir/operations.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";

/** The backend's side of a session of an operation. `never` for an operation without sessions. */
export type ChannelOf<O extends Operation> = OperationBackends[O] extends { connect(...args: never[]): Promise<infer C> } ? C : never;

/** The methods that a backend may implement for an operation: one per transport. */
interface BackendMethods<O extends Operation> {
	unary?(request: RequestEnvelope<O>, context: BackendContext): Promise<OperationMap[O]["result"]>;
	stream?(request: RequestEnvelope<O>, context: BackendContext): AsyncIterable<OperationMap[O]["event"]>;
	connect?(request: RequestEnvelope<O>, context: BackendContext): Promise<ChannelOf<O>>;
}

/**
 * Requests a whole answer.
 *
 * @throws SpearError `internal` when the backend does not implement the transport; any error of the backend.
 */
export function callUnary<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): Promise<OperationMap[O]["result"]> {
	const methods = methodsOf<O>(instance, request.operation);
	if (methods.unary === undefined) throw notImplemented(request.operation, "unary");
	return methods.unary(request, context);
}

/**
 * Requests an answer as a stream of events.
 *
 * @throws SpearError `internal` when the backend does not implement the transport; any error of the backend.
 */
export function callStream<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): AsyncIterable<OperationMap[O]["event"]> {
	const methods = methodsOf<O>(instance, request.operation);
	if (methods.stream === undefined) throw notImplemented(request.operation, "server_stream");
	return methods.stream(request, context);
}

/**
 * Opens a session.
 *
 * @throws SpearError `internal` when the backend does not implement the transport; any error of the backend.
 */
export function callConnect<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): Promise<ChannelOf<O>> {
	const methods = methodsOf<O>(instance, request.operation);
	if (methods.connect === undefined) throw notImplemented(request.operation, "bidi_stream");
	return methods.connect(request, context);
}

function methodsOf<O extends Operation>(instance: Instance, operation: O): BackendMethods<O> {
	const operations: { readonly [K in Operation]: BackendMethods<K> | undefined } = instance.backend.operations;
	return operations[operation] ?? {};
}

/** A fault of the backend kind: candidates are filtered by the transports that it declares. */
function notImplemented(operation: Operation, transport: Transport): SpearError {
	return new SpearError("internal", `the chosen backend declares the transport ${transport} for ${operation} but does not implement it`);
}
