import type { Cchat, EventStream as CchatEventStream } from "../../generated/host/cchat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import { MessageBuilder } from "./cchat-message.ts";
import { CchatSession } from "./cchat-session.ts";
import { guestStream } from "./guest-stream.ts";
import type { Call, GuestScope } from "./scope.ts";

type ChatCall = Call<"chat_completions">;

export function createCchat(scope: GuestScope): Cchat {
	return {
		async complete(request, options) {
			const response = await scope.pipeline.unary({ operation: "chat_completions", payload: request, options }, scope.signal);
			return response.result.payload;
		},
		async completeStream(request, options) {
			return openStream(scope, { operation: "chat_completions", payload: request, options });
		},
		session: {
			open: (initial, options) => new CchatSession(scope, initial, options),
		},
	};
}

export interface StreamHooks {
	/** Told of the whole answer as the guest takes it. */
	readonly onCompleted?: (response: cchat.Response) => void;
	/** Told once when the stream is over, however it ended. */
	readonly onClose?: () => void;
	/** Told how the router decided. */
	readonly onDecision?: (decision: RouteDecision) => void;
}

/** Opens the stream of one chat request. Throws at once when the request itself is wrong. */
export async function openStream(scope: GuestScope, call: ChatCall, hooks: StreamHooks = {}): Promise<CchatEventStream> {
	const open = await scope.pipeline.stream(call, hooks.onDecision);
	const partial = new MessageBuilder();
	return guestStream<cchat.Event>(scope, {
		open,
		failed: (error) => ({ type: "failed", failed: { error: error.toRecord(), partial: partial.message() } }),
		onReceive: (event) => partial.add(event),
		onDeliver: (event) => {
			if (event.type === "completed") hooks.onCompleted?.(event.completed);
		},
		...(hooks.onClose === undefined ? {} : { onClose: hooks.onClose }),
	});
}
