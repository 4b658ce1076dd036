import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap, Transport } from "../../generated/ir/operations.ts";
import type { Call, DecisionListener, Pipeline } from "../hostcall/scope.ts";
import { type NormalizeContext, normalize } from "../normalize/normalize.ts";
import type { MediaAdmission } from "../normalize/request-media.ts";
import type { Answer } from "../router/execution/run-request.ts";
import type { BlockingCalls } from "./blocking-calls.ts";
import type { Calls } from "./calls.ts";
import { PushQueue } from "./push-queue.ts";
import { remoteSession } from "./remote-session.ts";

/**
 * Leaves to the host what only the host can do: ids and times of requests, limits that a reload may change, and seals. The host normalizes
 * each envelope again, which changes nothing of an envelope that was made here.
 */
const HERE: NormalizeContext = {
	newRequestId: () => "in-worker",
	wallClock: () => 0,
	maxTimeoutMs: () => undefined,
	seal: { seal: (part) => part, open: (part) => part },
};

/** Leaves media to the host, which admits each reference when the envelope arrives. */
const HOST_ADMITS: MediaAdmission = {
	admit: async (reference) => reference,
	seconds: async () => undefined,
};

/** Creates the pipeline of a guest in a worker: normalizes each call here, and sends the envelope to the host. */
export function remotePipeline(calls: Calls, blocking: BlockingCalls): Pipeline {
	return {
		async unary<O extends Operation>(call: Call<O>, signal: AbortSignal) {
			const envelope = await envelopeOf(call, "unary");
			return calls.ask<Answer<O>>({ name: "unary", envelope }, { signal });
		},
		async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
			const envelope = await envelopeOf(call, "server_stream");
			const queue = new PushQueue<OperationMap[O]["event"]>(calls);
			await calls.ask<void>(
				{ name: "stream", envelope },
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
		async connect<O extends Operation>(call: Call<O>) {
			return remoteSession<O>(calls, await envelopeOf(call, "bidi_stream"));
		},
	};
}

function envelopeOf<O extends Operation>(call: Call<O>, transport: Transport): RequestEnvelope<O> | Promise<RequestEnvelope<O>> {
	return normalize<O>({ ...call, transport }, HERE, HOST_ADMITS);
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
