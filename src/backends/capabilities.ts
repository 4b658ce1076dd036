import type { Operation, Transport } from "../../generated/ir/operations.ts";
import type { OperationCapabilities } from "./backend.ts";
import { offeredFeatures } from "./offered-features.ts";
import type { FieldRules } from "./rules.ts";

/** Returns capabilities whose features follow from the rules. */
export function capabilitiesOf<O extends Operation>(
	operation: O,
	transports: readonly Transport[],
	rules: FieldRules<O>,
): OperationCapabilities<O> {
	return { transports, features: offeredFeatures(operation, rules), rules };
}

/** Returns the capabilities of a backend for chat that answers at once and in streams. */
export function chatCapabilities(rules: FieldRules<"chat_completions">): OperationCapabilities<"chat_completions"> {
	return capabilitiesOf("chat_completions", ["unary", "server_stream"], rules);
}
