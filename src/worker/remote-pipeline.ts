import type { Operation, OperationMap } from "../../generated/ir/operations.ts";
import type { AnyCall, Call, DecisionListener, Pipeline } from "../hostcall/scope.ts";
import type { Answer } from "../router/execution/run-request.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import type { Calls } from "./calls.ts";
import { PushQueue } from "./push-queue.ts";
import { remoteSession } from "./remote-session.ts";

/** Creates the pipeline of a guest in a worker: sends each call to the host, which validates and normalizes it. */
export function remotePipeline(calls: Calls, blocking: BlockingCalls): Pipeline {
	return {
		unary: <O extends Operation>(call: Call<O>, signal: AbortSignal) =>
			calls.ask<Answer<O>>({ name: "unary", call: sent(call) }, { signal }),
		async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
			const queue = new PushQueue<OperationMap[O]["event"]>(calls);
			await calls.ask<void>(
				{ name: "stream", call: sent(call) },
				{
					onId: (id) => queue.open(id),
					target: {
						push: (event: OperationMap[O]["event"], bytes) => queue.push(event, bytes),
						end: (error) => queue.end(error),
						decide: (attempts) => onDecision?.({ attempts }),
					},
				},
			);
			return (signal: AbortSignal) => read(calls, queue, signal);
		},
		voices: (model) => blocking.ask({ name: "voices", model }),
		catalog: () => blocking.ask({ name: "catalog" }),
		connect: <O extends Operation>(call: Call<O>) => remoteSession<O>(calls, call.operation, sent(call)),
	};
}

/** Returns the members of a call that the host needs. The overload carries the relation that the union of all operations loses. */
function sent<O extends Operation>(call: Call<O>): AnyCall;
function sent({ operation, payload, options }: Call<Operation>): Call<Operation> {
	return { operation, payload, options };
}

/** Yields the events of a stream. The host sends them already. Leaving the loop, or an aborted signal, cancels the request. */
async function* read<E>(calls: Calls, queue: PushQueue<E>, signal: AbortSignal): AsyncGenerator<E, void, void> {
	const cancel = (): void => {
		if (!queue.ended) calls.cancel(queue.id);
	};
	if (signal.aborted) cancel();
	else signal.addEventListener("abort", cancel, { once: true });
	try {
		yield* queue.events();
	} finally {
		signal.removeEventListener("abort", cancel);
		cancel();
		calls.forget(queue.id);
	}
}
