import type { BackendContext } from "../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../generated/ir/envelope.ts";
import type { OperationMap } from "../../../generated/ir/operations.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { checkedEvent, checkedResult } from "../../operations/checked-answer.ts";
import type { Backend } from "../backend.ts";
import type { EventOf, FixtureOperation } from "./fixture.ts";
import { handled, withoutHang } from "./hang.ts";
import { ensure } from "./same.ts";

/** Kinds of calls. */
export type CallTransport = "unary" | "stream";

/** End of a call: a result that the validators of the IR accept, or an error. */
export type Outcome<O extends FixtureOperation> = {
	/** Events before `completed`. Empty for a call without a stream. */
	readonly events: readonly EventOf<O>[];
} & (
	| { readonly result: OperationMap[O]["result"]; readonly error?: undefined }
	| { readonly error: SpearError; readonly result?: undefined }
);

/**
 * Carries out one call to its end. Validates the result and each event.
 *
 * @throws AssertionError for an event or result of another shape, a stream that does not end with `completed`, an error that is no
 * SpearError, and a call that hangs.
 */
export function outcomeOf<O extends FixtureOperation>(
	backend: Backend,
	transport: CallTransport,
	envelope: RequestEnvelope<O>,
	context: BackendContext,
): Promise<Outcome<O>> {
	return handled(withoutHang(transport === "unary" ? unary(backend, envelope, context) : streamed(backend, envelope, context), "the call"));
}

/** Returns the iterator over the unchecked events of a stream. */
export function openStream<O extends FixtureOperation>(
	backend: Backend,
	envelope: RequestEnvelope<O>,
	context: BackendContext,
): AsyncIterator<unknown> {
	const events = implementation(backend, envelope.operation, "stream")(envelope, context);
	ensure(isAsyncIterable(events), "stream returns no async iterable");
	return events[Symbol.asyncIterator]();
}

async function unary<O extends FixtureOperation>(
	backend: Backend,
	envelope: RequestEnvelope<O>,
	context: BackendContext,
): Promise<Outcome<O>> {
	try {
		const result = await implementation(backend, envelope.operation, "unary")(envelope, context);
		return { events: [], result: valid(() => checkedResult(envelope.operation, result, "the kind")) };
	} catch (thrown) {
		return { events: [], error: typed(thrown) };
	}
}

async function streamed<O extends FixtureOperation>(
	backend: Backend,
	envelope: RequestEnvelope<O>,
	context: BackendContext,
): Promise<Outcome<O>> {
	const { operation } = envelope;
	const events: EventOf<O>[] = [];
	let result: OperationMap[O]["result"] | undefined;
	try {
		const source = openStream(backend, envelope, context);
		for (let step = await source.next(); step.done !== true; step = await source.next()) {
			const { value } = step;
			ensure(result === undefined, "a stream goes on after completed");
			const event = valid(() => checkedEvent(operation, value, "the kind"));
			ensure(event.type !== "failed", "a stream yields failed; a failure is thrown");
			if (event.type === "completed") result = completedResult<O>(event);
			else events.push(event);
		}
	} catch (thrown) {
		const error = typed(thrown);
		ensure(result === undefined, `a stream fails after completed: ${error.message}`);
		return { events, error };
	}
	ensure(result !== undefined, "a stream ends without completed and without an error");
	return { events, result };
}

/** Marks faults of the kind itself, which no expected error may hide. */
class ConformanceError extends Error {
	override readonly name = "ConformanceError";
}

function valid<T>(check: () => T): T {
	try {
		return check();
	} catch (thrown) {
		throw new ConformanceError(SpearError.from(thrown).message);
	}
}

/** Returns a thrown SpearError. Rethrows everything else: a kind throws nothing else. */
function typed(thrown: unknown): SpearError {
	if (thrown instanceof SpearError) return thrown;
	throw thrown;
}

function completedResult<O extends FixtureOperation>(event: EventOf<O>): OperationMap[O]["result"] {
	ensure(event.type === "completed", "the event is not completed");
	return event.completed;
}

function implementation(backend: Backend, operation: FixtureOperation, member: CallTransport): (...args: readonly unknown[]) => unknown {
	const served: unknown = backend.operations[operation];
	const call: unknown = typeof served === "object" && served !== null ? Reflect.get(served, member) : undefined;
	ensure(typeof call === "function", `the kind does not implement ${member} of ${operation}`);
	return (...args) => Reflect.apply(call, served, args);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
	return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
