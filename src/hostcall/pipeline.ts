import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import { type NormalizeContext, normalize } from "../normalize/normalize.ts";
import type { RouteDecision, Router } from "../router/router.ts";
import type { HostEventListener } from "../telemetry/host-event.ts";
import type { Call, Pipeline } from "./scope.ts";

export interface PipelineOptions {
	readonly router: Router;
	readonly normalize: NormalizeContext;
	/** Watches what passes. */
	readonly onEvent: HostEventListener;
}

/** Joins normalize and router: the way every operation takes, typed or not. */
export function createPipeline({ router, normalize: context, onEvent }: PipelineOptions): Pipeline {
	return {
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal) {
			const request = normalize<O>({ ...call, transport: "unary" }, context);
			onEvent({ type: "request", request });
			const response = await router.unary(request, { signal, onDecision: (decision) => onEvent({ type: "decision", ...decision }) });
			onEvent({ type: "response", requestId: request.request_id, operation: call.operation, payload: response.result.payload });
			return response;
		},
		stream<O extends Operation>(call: Call<O>, observe?: (decision: RouteDecision) => void) {
			const request = normalize<O>({ ...call, transport: "server_stream" }, context);
			const requestId = request.request_id;
			return async function* (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"]> {
				onEvent({ type: "request", request });
				const onDecision = (decision: RouteDecision): void => {
					observe?.(decision);
					onEvent({ type: "decision", ...decision });
				};
				for await (const event of router.stream(request, { signal, onDecision })) {
					onEvent({ type: "stream-event", requestId, operation: call.operation, event });
					yield event;
				}
			};
		},
	};
}
