import type { BackendMedia } from "../../generated/backends/backend.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { type NormalizeContext, normalize } from "../normalize/normalize.ts";
import type { RequestMedia } from "../normalize/request-media.ts";
import type { RouteDecision, Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Call, Pipeline } from "./scope.ts";

export interface PipelineOptions {
	readonly router: Router;
	readonly normalize: NormalizeContext;
	/** The guest's. */
	readonly media: RequestMedia & BackendMedia;
	/** Watches what passes. */
	readonly onEvent: HostEventListener;
}

/** Joins normalize and router: the way every operation takes, typed or not. */
export function createPipeline({ router, normalize: context, media, onEvent }: PipelineOptions): Pipeline {
	return {
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal) {
			const request = await normalize<O>({ ...call, transport: "unary" }, context, media);
			onEvent({ type: "request", request });
			const response = await router.unary(request, { signal, media, onDecision: (decision) => onEvent({ type: "decision", ...decision }) });
			onEvent({ type: "response", requestId: request.request_id, operation: call.operation, payload: response.result.payload });
			return response;
		},
		async stream<O extends Operation>(call: Call<O>, observe?: (decision: RouteDecision) => void) {
			const request = await normalize<O>({ ...call, transport: "server_stream" }, context, media);
			const requestId = request.request_id;
			return async function* (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"]> {
				onEvent({ type: "request", request });
				const onDecision = (decision: RouteDecision): void => {
					observe?.(decision);
					onEvent({ type: "decision", ...decision });
				};
				for await (const event of router.stream(request, { signal, media, onDecision })) {
					onEvent({ type: "stream-event", requestId, operation: call.operation, event });
					yield event;
				}
			};
		},
	};
}
