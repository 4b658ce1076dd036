import type { Operation } from "../../generated/ir/operations.ts";
import { mappedStream } from "../async/mapped-stream.ts";
import { heldBytes } from "../memory/held-bytes.ts";
import type { HostMemory } from "../memory/memory-kinds.ts";
import type { Call, DecisionListener, Pipeline, SessionOutcome } from "./scope.ts";

/**
 * Returns the pipeline with its memory charged to an account. The payload of a call counts until the call ends, and the answer until the
 * guest's next call. If the account has no room for the payload, the call is refused before it starts. An answer is never refused, because
 * the guest has paid for it.
 */
export function chargedPipeline(pipeline: Pipeline, memory: HostMemory): Pipeline {
	/** Charges the payload of a call. Returns the function that releases it once. */
	const charge = <O extends Operation>({ payload, isCharged = false }: Call<O>): (() => void) => {
		const bytes = isCharged ? 0 : heldBytes(payload);
		memory.taken();
		memory.charge("calls", bytes);
		let held = true;
		return () => {
			if (held) memory.release("calls", bytes);
			held = false;
		};
	};
	return {
		voices: (model, backend) => pipeline.voices(model, backend),
		catalog: () => pipeline.catalog(),
		async unary(call, signal) {
			const release = charge(call);
			try {
				const answer = await pipeline.unary(call, signal);
				memory.deliver(heldBytes(answer.result.payload));
				return answer;
			} finally {
				release();
			}
		},
		async stream<O extends Operation>(call: Call<O>, onDecision?: DecisionListener) {
			const release = charge(call);
			try {
				const open = await pipeline.stream(call, onDecision);
				return (signal: AbortSignal) => mappedStream({ open: () => open(signal), map: (event) => event, onEnd: release });
			} catch (thrown) {
				release();
				throw thrown;
			}
		},
		async connect<O extends Operation>(call: Call<O>) {
			const open = await pipeline.connect(call);
			return async (signal: AbortSignal) => {
				const release = charge(call);
				try {
					const session = await open(signal);
					const end = (outcome: SessionOutcome<O>) => {
						release();
						return session.end(outcome);
					};
					return { ...session, end };
				} catch (thrown) {
					release();
					throw thrown;
				}
			};
		},
	};
}
