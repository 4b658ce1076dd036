import type { EventStream } from "../../generated/hostcall/cchat.ts";
import type * as cchat from "../../generated/ir/cchat.ts";
import { MessageBuilder } from "./cchat-message.ts";
import { guestStream } from "./guest-stream.ts";
import { PartialAnswer } from "./partial-answer.ts";
import type { Call, DecisionListener, GuestScope, OpenStream } from "./scope.ts";

export interface StreamHooks {
	/** Called with the whole answer when the guest takes it. */
	readonly onCompleted?: (response: cchat.Response) => void;
	/** Called once when the stream is over, however it ended. */
	readonly onClose?: () => void;
	/** Called with the router's decision. */
	readonly onDecision?: DecisionListener;
}

/** Opens the stream of one chat request. Throws at once when the request itself is wrong. */
export async function openStream(scope: GuestScope, call: Call<"chat_completions">, hooks: StreamHooks = {}): Promise<EventStream> {
	return deliver(scope, await scope.pipeline.stream(call, hooks.onDecision), hooks);
}

/** Returns a stream of a chat answer for the guest. */
export function deliver(scope: GuestScope, open: OpenStream<cchat.Event>, hooks: StreamHooks): EventStream {
	const partial = new MessageBuilder();
	const kept = new PartialAnswer(scope.memory);
	return guestStream<cchat.Event>(scope, {
		open,
		failed: (error) => ({ type: "failed", failed: { error: error.toRecord(), partial: partial.message() } }),
		onReceive: (event) => {
			kept.keep(partial.add(event));
		},
		onDeliver: (event) => {
			if (event.type === "completed") hooks.onCompleted?.(event.completed);
		},
		onClose: () => {
			kept.close();
			hooks.onClose?.();
		},
	});
}
