import type { Operation, OperationMap, Transport } from "../../generated/ir/operations.ts";
import { mappedStream } from "../async/mapped-stream.ts";
import type { CallObserver, ObservedCall } from "../telemetry/call-observer.ts";
import type { Call, DecisionListener, Pipeline, SessionOutcome } from "./scope.ts";

/** Returns the pipeline with the begin and the end of each call observed. The pipeline itself reports what happens in between. */
export function observedPipeline(pipeline: Pipeline, observer: CallObserver): Pipeline {
	const begin = <O extends Operation>(call: Call<O>, transport: Transport): Call<O> & { readonly observed: ObservedCall } => {
		const observed = observer.begin(call.operation, transport, call.trace);
		return { ...call, trace: observed.trace, observed };
	};
	return {
		voices: (model, backend) => pipeline.voices(model, backend),
		catalog: () => pipeline.catalog(),
		async unary(call, signal) {
			const begun = begin(call, "unary");
			const answer = await endingOnFailure(begun.observed, () => pipeline.unary(begun, signal));
			begun.observed.end();
			return answer;
		},
		async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
			const begun = begin(call, "server_stream");
			const open = await endingOnFailure(begun.observed, () => pipeline.stream(begun, onDecision));
			return (signal: AbortSignal): AsyncGenerator<OperationMap[O]["event"], void, void> =>
				mappedStream({ open: () => open(signal), map: (event) => event, onEnd: () => begun.observed.end() });
		},
		async connect<O extends Operation>(call: Call<O>) {
			const begun = begin(call, "bidi_stream");
			const open = await endingOnFailure(begun.observed, () => pipeline.connect(begun));
			return async (signal: AbortSignal) => {
				const session = await endingOnFailure(begun.observed, () => open(signal));
				const end = (outcome: SessionOutcome<O>) => {
					const error = session.end(outcome);
					begun.observed.end(error);
					return error;
				};
				return { ...session, end };
			};
		},
	};
}

async function endingOnFailure<T>(observed: ObservedCall, act: () => Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (thrown) {
		observed.end(thrown);
		throw thrown;
	}
}
