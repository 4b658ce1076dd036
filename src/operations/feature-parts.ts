import type { Operation } from "../../generated/ir/operations.ts";

/**
 * Parts of an answer that only a feature of the request brings about: tool calls, times, a number of dimensions. A fault in them is not held
 * against the backend: it serves requests without the feature.
 */
const FEATURE_PARTS: { readonly [O in Operation]?: RegExp } = {
	chat_completions: /^(completed\.)?(message\.tool_calls|tool_call)\b/,
	embeddings: /^dimensions\b/,
	speech_to_text: /^(completed\.)?(segments|words|segment)\b/,
};

/** Returns the party that faults of an answer count against. Each fault begins with its place in the answer. */
export function faultAttribution(operation: Operation, faults: readonly string[]): "request" | "backend" {
	const parts = FEATURE_PARTS[operation];
	return parts !== undefined && faults.length > 0 && faults.every((fault) => parts.test(fault)) ? "request" : "backend";
}
