import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { OperationBackends } from "../../../generated/backends/operations.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Instance } from "../instances/instance.ts";

/** A backend's end of a session of this operation; `never` for an operation that has none. */
export type ChannelOf<O extends Operation> = OperationBackends[O] extends { connect(...args: never[]): Promise<infer C> } ? C : never;

/** The shapes a backend may offer for an operation. */
interface Shapes<O extends Operation> {
	unary?(request: RequestEnvelope<O>, context: BackendContext): Promise<OperationMap[O]["result"]>;
	stream?(request: RequestEnvelope<O>, context: BackendContext): AsyncIterable<OperationMap[O]["event"]>;
	connect?(request: RequestEnvelope<O>, context: BackendContext): Promise<ChannelOf<O>>;
}

/** Answers a request whole. */
export function callUnary<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): Promise<OperationMap[O]["result"]> {
	const shapes = shapesOf<O>(instance, request.operation);
	if (shapes.unary === undefined) throw lacksShape(request.operation, "unary");
	return shapes.unary(request, context);
}

/** Answers a request piece by piece. */
export function callStream<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): AsyncIterable<OperationMap[O]["event"]> {
	const shapes = shapesOf<O>(instance, request.operation);
	if (shapes.stream === undefined) throw lacksShape(request.operation, "server_stream");
	return shapes.stream(request, context);
}

/** Opens a session. */
export function callConnect<O extends Operation>(
	instance: Instance,
	request: RequestEnvelope<O>,
	context: BackendContext,
): Promise<ChannelOf<O>> {
	const shapes = shapesOf<O>(instance, request.operation);
	if (shapes.connect === undefined) throw lacksShape(request.operation, "bidi_stream");
	return shapes.connect(request, context);
}

function shapesOf<O extends Operation>(instance: Instance, operation: O): Shapes<O> {
	const operations: { readonly [K in Operation]: Shapes<K> | undefined } = instance.backend.operations;
	return operations[operation] ?? {};
}

/** The filter lets through only those that declare the shape; one that declares what it does not have is at fault. */
function lacksShape(operation: Operation, shape: string): SpearError {
	return new SpearError("internal", `the backend chosen for ${operation} declares ${shape} but does not implement it`);
}
