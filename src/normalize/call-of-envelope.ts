import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import type { CallInput } from "./normalize.ts";

/**
 * Returns the call that an envelope stands for. `normalize` makes the same envelope of that call again, with ids, time and limits of its own
 * context. Lets a host check an envelope that was made elsewhere by the rules of every call.
 */
export function callOfEnvelope<O extends Operation>(envelope: RequestEnvelope<O>): Omit<CallInput<O>, "transport" | "trace"> {
	const { operation, payload, task_id, routing, requirements, declared_features, policy, degradation, timeout_ms } = envelope;
	return {
		operation,
		payload,
		options: {
			routing,
			requirements: { ...requirements, required_features: declared_features ?? [] },
			provider_options: envelope.provider_options,
			...(task_id === undefined ? {} : { task_id }),
			...(policy === undefined ? {} : { policy }),
			...(degradation === undefined ? {} : { degradation }),
			...(timeout_ms === undefined ? {} : { timeout_ms }),
		},
	};
}
