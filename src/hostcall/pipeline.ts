import type { BackendMedia } from "../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { type CallInput, type NormalizeContext, normalize } from "../normalize/normalize.ts";
import type { RequestMedia } from "../normalize/request-media.ts";
import type { RouteDecision, Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Call, Pipeline, SessionOutcome } from "./scope.ts";

export interface PipelineOptions {
	readonly router: Router;
	readonly normalize: NormalizeContext;
	/** The guest's. */
	readonly media: { forRequest(): MediaOfCall };
	/** Watches what passes. */
	readonly onEvent: HostEventListener;
}

/** The media of one call, from its check to its end. */
export interface MediaOfCall extends RequestMedia, BackendMedia {
	/** The call is over: what it carried inline goes; and what a backend stored for it too, when the guest was given `nothing`. */
	end(given: "results" | "nothing"): void;
}

/** Joins normalize and router: the way every operation takes, typed or not. */
export function createPipeline({ router, normalize: context, media: guest, onEvent }: PipelineOptions): Pipeline {
	return {
		voices: (model) => router.voices(model),
		catalog: () => router.catalog(),
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal) {
			const { request, media } = await admitted({ ...call, transport: "unary" }, context, guest);
			let given: "results" | "nothing" = "nothing";
			try {
				onEvent({ type: "request", request });
				const response = await router.unary(request, {
					signal,
					media,
					onDecision: (decision) => onEvent({ type: "decision", ...decision }),
				});
				onEvent({ type: "response", requestId: request.request_id, operation: call.operation, payload: response.result.payload });
				given = "results";
				return response;
			} finally {
				media.end(given);
			}
		},
		async stream<O extends Operation>(call: Call<O>, observe?: (decision: RouteDecision) => void) {
			const { request, media } = await admitted({ ...call, transport: "server_stream" }, context, guest);
			const requestId = request.request_id;
			return async function* (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"]> {
				const onDecision = (decision: RouteDecision): void => {
					observe?.(decision);
					onEvent({ type: "decision", ...decision });
				};
				try {
					onEvent({ type: "request", request });
					for await (const event of router.stream(request, { signal, media, onDecision })) {
						onEvent({ type: "stream-event", requestId, operation: call.operation, event });
						yield event;
					}
				} finally {
					media.end("results"); // Its events may have told of them.
				}
			};
		},
		async connect<O extends Operation>(call: Call<O>) {
			const { request, media } = await admitted({ ...call, transport: "bidi_stream" }, context, guest);
			return async (signal: AbortSignal) => {
				onEvent({ type: "request", request });
				const onDecision = (decision: RouteDecision): void => onEvent({ type: "decision", ...decision });
				const { channel, end } = await router.connect(request, { signal, media, onDecision }).catch((thrown: unknown) => {
					media.end("nothing");
					throw thrown;
				});
				return {
					channel,
					end(outcome: SessionOutcome<O>) {
						media.end("results");
						const { request_id: requestId, operation } = request;
						if ("completed" in outcome) {
							onEvent({ type: "response", requestId, operation, payload: outcome.completed });
							return end();
						}
						const error = end(outcome.failure) ?? outcome.failure;
						onEvent({ type: "session-failed", requestId, operation, error });
						return error;
					},
				};
			};
		},
	};
}

/** A request that was let in, and its media; when it is refused, these are given up. */
async function admitted<O extends Operation>(
	input: CallInput<O>,
	context: NormalizeContext,
	guest: PipelineOptions["media"],
): Promise<{ request: RequestEnvelope<O>; media: MediaOfCall }> {
	const media = guest.forRequest();
	try {
		return { request: await normalize<O>(input, context, media), media };
	} catch (thrown) {
		media.end("nothing");
		throw thrown;
	}
}
