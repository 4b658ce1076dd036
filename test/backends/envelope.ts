import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, OperationMap } from "../../generated/ir/operations.ts";

/** Returns a minimal envelope with this payload. */
export function envelopeOf<O extends Operation>(
	operation: O,
	payload: OperationMap[O]["payload"],
	provider_options: RequestEnvelope["provider_options"] = {},
): RequestEnvelope<O> {
	return {
		version: 1,
		request_id: "req-1",
		operation,
		meta: {},
		routing: { allowlist: [], denylist: [], preferred: [] },
		requirements: { required_ops: [], required_features: [], required_transports: [] },
		payload,
		provider_options,
	};
}
