import type { BackendRequests } from "../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { mappedStream } from "../async/mapped-stream.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import { type CallInput, type NormalizeContext, normalize } from "../normalize/normalize.ts";
import { opaqueParts } from "../normalize/opaque-parts.ts";
import type { RequestMedia } from "../normalize/request-media.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { RouteContext, Router } from "../router/router.ts";
import type { CallObserver } from "../telemetry/call-observer.ts";
import type { HostEvent, HostEventListener, RequestEvent, ResponseEvent, StreamedEvent } from "../telemetry/host-event.ts";
import { observedPipeline } from "./observed-pipeline.ts";
import type { Call, DecisionListener, Pipeline, SessionOutcome } from "./scope.ts";

export interface PipelineOptions {
	readonly router: Router;
	/** Guest whose calls these are. */
	readonly guest: GuestIdentity;
	readonly normalize: NormalizeContext;
	/** Opens the media of one request. */
	readonly openMedia: () => RequestMedia;
	/** Receives an event for every request, streamed event, answer and decision. */
	readonly onEvent: HostEventListener;
	/** Observes the calls. The default is none. */
	readonly observer?: CallObserver | undefined;
}

/** Joins normalize and router. Every operation takes this way, typed or by `transform`. */
export function createPipeline({ router, guest, normalize: context, openMedia, onEvent, observer }: PipelineOptions): Pipeline {
	const pipeline: Pipeline = {
		voices: (model, backend) => router.voices(model, guest, backend),
		catalog: () => router.catalog(guest),
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal) {
			const media = openMedia();
			const made = normalized({ ...call, transport: "unary" }, context, media);
			const request = made instanceof Promise ? await made : made;
			let given: "results" | "nothing" = "nothing";
			try {
				call.observed?.onRequest(request);
				emit<O>(onEvent, { type: "request", operation: call.operation, request });
				const answer = await router.unary(request, { signal, media, guest, ...listeners(call, onEvent) });
				const payload = opaqueParts[call.operation].sealResult(answer.result.payload, context.seal);
				const response = { ...answer, result: { payload } };
				call.observed?.onResponse(response.result.payload);
				emit<O>(onEvent, { type: "response", operation: call.operation, requestId: request.request_id, payload: response.result.payload });
				given = "results";
				return response;
			} finally {
				media.end(given);
			}
		},
		async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
			const media = openMedia();
			const request = await normalized({ ...call, transport: "server_stream" }, context, media);
			const requestId = request.request_id;
			const report = (decision: RouteDecision): void => {
				onDecision?.(decision);
				onEvent(decision);
			};
			return (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"], void, void> =>
				mappedStream({
					open() {
						call.observed?.onRequest(request);
						emit<O>(onEvent, { type: "request", operation: call.operation, request });
						return router.stream(request, { signal, media, guest, ...listeners(call, report) });
					},
					map(received) {
						const event = opaqueParts[call.operation].sealEvent(received, context.seal);
						call.observed?.onEvent(event);
						emit<O>(onEvent, { type: "stream-event", operation: call.operation, requestId, event });
						return event;
					},
					// Events that the guest received may name stored results.
					onEnd: () => media.end("results"),
				});
		},
		async connect<O extends Operation>(call: Call<O>) {
			const media = openMedia();
			const request = await normalized({ ...call, transport: "bidi_stream" }, context, media);
			return async (signal: AbortSignal) => {
				let backend: string | undefined;
				const onDecision = (decision: RouteDecision): void => {
					backend = decision.chosen;
					onEvent(decision);
				};
				call.observed?.onRequest(request);
				emit<O>(onEvent, { type: "request", operation: call.operation, request });
				const { channel, downgrades, end, record } = await router
					.connect(request, { signal, media, guest, requests, ...listeners(call, onDecision) })
					.catch((thrown: unknown) => {
						media.end("nothing");
						throw thrown;
					});
				return {
					channel,
					downgrades,
					record,
					end(outcome: SessionOutcome<O>) {
						media.end("results");
						const { request_id: requestId, operation } = request;
						if ("completed" in outcome) {
							call.observed?.onResponse(outcome.completed);
							emit<O>(onEvent, { type: "response", operation: call.operation, requestId, payload: outcome.completed });
							return end(undefined, outcome.completed);
						}
						const error = end(outcome.failure) ?? outcome.failure;
						onEvent({ type: "session-failed", requestId, operation, ...(backend === undefined ? {} : { backend }), error });
						return error;
					},
				};
			};
		},
	};
	const requests: BackendRequests = {
		async *stream(operation, payload, signal) {
			const open = await observed.stream({ operation, payload, options: undefined });
			yield* open(signal);
		},
	};
	const observed = observer === undefined ? pipeline : observedPipeline(pipeline, observer);
	return observed;
}

/** Returns the listeners of the router for a request. */
function listeners(
	{ observed, onBackend }: Pick<Call<Operation>, "observed" | "onBackend">,
	onDecision: (decision: RouteDecision) => void,
): Pick<RouteContext, "onDecision" | "onAttempt" | "onChosen"> {
	if (observed === undefined) return onBackend === undefined ? { onDecision } : { onDecision, onChosen: onBackend };
	return {
		onChosen: onBackend,
		onDecision(decision) {
			observed.onDecision(decision);
			onDecision(decision);
		},
		onAttempt: (subject) => observed.onAttempt(subject),
	};
}

/** Emits an event whose payload belongs to its operation. The overload carries the relation that the union of all operations loses. */
function emit<O extends Operation>(onEvent: HostEventListener, event: RequestEvent<O> | StreamedEvent<O> | ResponseEvent<O>): void;
function emit(onEvent: HostEventListener, event: HostEvent): void {
	onEvent(event);
}

/** Normalizes a call. Ends its media when the call is refused. */
function normalized<O extends Operation>(
	input: CallInput<O>,
	context: NormalizeContext,
	media: RequestMedia,
): RequestEnvelope<O> | Promise<RequestEnvelope<O>> {
	const refused = (thrown: unknown): never => {
		media.end("nothing");
		throw thrown;
	};
	try {
		const request = normalize<O>(input, context, media);
		return request instanceof Promise ? request.catch(refused) : request;
	} catch (thrown) {
		return refused(thrown);
	}
}
