import type * as cchat from "../../../../../generated/ir/cchat.ts";

/** `calls`: `tool_calls` if the answer has any, else `other`. */
type Meaning = cchat.FinishReason | "calls";

/**
 * Meaning of the stop reasons. A paused turn goes on when the guest returns the answer as it is.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
	["end_turn", "stop"],
	["stop_sequence", "stop"],
	["max_tokens", "length"],
	["model_context_window_exceeded", "length"],
	["tool_use", "calls"],
	["refusal", "content_filter"],
	["pause_turn", "other"],
]);

/** Returns the finish reason of a whole answer. An answer that is complete and has tool calls has the reason `tool_calls`. */
export function finishReason(reason: string, hasCalls: boolean): cchat.FinishReason {
	const meaning = MEANINGS.get(reason) ?? "other";
	if (meaning === "calls" || (meaning === "stop" && hasCalls)) return hasCalls ? "tool_calls" : "other";
	return meaning;
}
