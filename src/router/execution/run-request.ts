import type { BackendContext, BackendMedia } from "../../../generated/backends/backend.ts";
import type { RequestEnvelope, ResponseEnvelope, ServedBy } from "../../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { requestedModel } from "../../operations/requested-model.ts";
import type { Clock } from "../../time/clock.ts";
import { modelOffer } from "../eligibility/model-offer.ts";
import type { Attempt } from "./attempt.ts";
import type { StartedAttempt } from "./attempt-loop.ts";
import { type ChannelOf, callConnect, callStream, callUnary } from "./backend-calls.ts";
import type { RequestExecution } from "./request-execution.ts";
import { cancelIterator, endedEarly, type OpenedEvents, RoutedStream, type StartedStream } from "./routed-stream.ts";

/** The answer to a request that succeeded: a response envelope that names its backend and holds a result. */
export interface Answer<O extends Operation> extends ResponseEnvelope<O> {
	backend: ServedBy;
	result: { payload: OperationMap[O]["result"] };
}

/** An established session, which holds its lease until `end` is called. */
export interface Connection<O extends Operation> {
	readonly channel: ChannelOf<O>;
	/** Fields of the request that are emulated or dropped. */
	readonly downgrades: readonly types.Downgrade[];
	/** Records an event of the channel. An answer that the guest leaves early is charged by these. */
	readonly record: (event: object) => void;
	/**
	 * Ends the session. Returns `failure` with the name of the operation. Further calls have no effect on the lease.
	 *
	 * @param failure Error that ended the session. Absent for a success.
	 * @param result Summary of the session. Absent for none.
	 */
	readonly end: (failure?: SpearError, result?: OperationMap[O]["result"]) => SpearError | undefined;
}

/** Runs a request for a whole answer. No asynchronous function, which would take as much memory as all of the decision. */
export function runUnary<O extends Operation>(
	execution: RequestExecution,
	request: RequestEnvelope<O>,
	media: BackendMedia,
): Promise<Answer<O>> {
	const start = (attempt: Attempt): Promise<OperationMap[O]["result"]> =>
		callUnary(attempt.instance, execution.requestFor(request, attempt), backendContext(execution, request, media, attempt));
	return execution.start({ start }).then((started) => answerOf(execution, request, started));
}

/** Ends an execution with the answer that its attempt has. */
function answerOf<O extends Operation>(
	execution: RequestExecution,
	request: RequestEnvelope<O>,
	{ attempt, value: payload }: StartedAttempt<OperationMap[O]["result"]>,
): Answer<O> {
	execution.succeed(payload);
	const { elapsedMs: latency_ms, attempts } = execution;
	return {
		version: request.version,
		request_id: request.request_id,
		operation: request.operation,
		backend: { name: attempt.instance.kind, instance: attempt.instance.name, latency_ms, attempts },
		result: { payload: execution.withDowngrades(request.operation, payload) },
	};
}

/** Runs a request for a stream of events. `begin` is called at the first read. */
export function runStream<O extends Operation>(
	begin: () => Promise<RequestExecution>,
	request: RequestEnvelope<O>,
	media: BackendMedia,
): AsyncGenerator<OperationMap[O]["event"], void, void> {
	const start = async (execution: RequestExecution): Promise<StartedStream<O>> => {
		const { attempt, value: opened } = await execution.start<OpenedEvents<O>>({
			start: async (started) => {
				const sent = execution.requestFor(request, started);
				const iterator = callStream(started.instance, sent, backendContext(execution, request, media, started))[Symbol.asyncIterator]();
				const first = await iterator.next();
				if (first.done === true) throw endedEarly();
				return { events: iterator, first: first.value };
			},
			discardLate: (late) => cancelIterator(late.events),
		});
		return { attempt, opened };
	};
	return new RoutedStream({ operation: request.operation, begin, start });
}

/** Opens a session. The deadline of the request applies only to that. */
export async function runConnect<O extends Operation>(
	execution: RequestExecution,
	request: RequestEnvelope<O>,
	{ media, requests }: Pick<BackendContext, "media" | "requests">,
	clock: Clock,
): Promise<Connection<O>> {
	const { attempt, value: channel } = await execution.start<ChannelOf<O>>({
		start: async (started) =>
			callConnect(started.instance, execution.requestFor(request, started), {
				...backendContext(execution, request, media, started),
				requests,
			}),
		discardLate: (late) => closeChannel(late),
	});
	const session = execution.establish();
	const cancelLimit = limitSession(attempt, request, clock);
	return {
		channel,
		downgrades: execution.downgrades,
		record: session.record,
		end(failure, result) {
			cancelLimit();
			session.finish(failure === undefined ? { type: "succeeded" } : { type: "failed", error: failure }, result);
			return failure?.with({ operation: request.operation });
		},
	};
}

/** Ends the session when the model's limit on its duration is reached. Returns a function that cancels the limit. */
function limitSession(attempt: Attempt, request: RequestEnvelope<Operation>, clock: Clock): () => void {
	const seconds = modelOffer(attempt.instance, request.operation, requestedModel(request)).limits.session_seconds;
	if (seconds === undefined) return () => {};
	const message = `the backend allows sessions of ${seconds} seconds; open another one`;
	return clock.after(seconds * 1_000, () => attempt.abort(new SpearError("timeout", message, { attribution: "request" })));
}

function backendContext(
	{ guest }: RequestExecution,
	request: RequestEnvelope<Operation>,
	media: BackendMedia,
	{ signal, apiKey, observer }: Attempt,
): BackendContext {
	const context = { signal, requestId: request.request_id, media, apiKey, guest };
	const traceparent = observer?.traceparent;
	return traceparent === undefined ? context : { ...context, traceparent };
}

function closeChannel(channel: unknown): void {
	if (typeof channel === "object" && channel !== null && "close" in channel && typeof channel.close === "function") {
		void Promise.resolve(channel.close()).catch(() => {});
	}
}
