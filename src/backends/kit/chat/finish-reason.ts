import type * as cchat from "../../../../generated/ir/cchat.ts";

/** Meaning of an upstream's word. `calls`: `tool_calls` if the answer has any, else `other`. */
export type FinishMeaning = cchat.FinishReason | "calls";

/** Meaning of the words for the end of an answer that the APIs for Claude share. */
export const CLAUDE_REASONS: readonly (readonly [word: string, meaning: FinishMeaning])[] = [
	["end_turn", "stop"],
	["stop_sequence", "stop"],
	["max_tokens", "length"],
	["model_context_window_exceeded", "length"],
	["tool_use", "calls"],
];

/**
 * Returns the finish reason of a whole answer. An answer that is complete and has tool calls has the reason `tool_calls`. An unknown word
 * means `other`.
 */
export function finishReasonOf(
	meanings: ReadonlyMap<string, FinishMeaning>,
	word: string | undefined,
	hasCalls: boolean,
): cchat.FinishReason {
	const meaning = meanings.get(word ?? "") ?? "other";
	if (meaning === "calls" || (meaning === "stop" && hasCalls)) return hasCalls ? "tool_calls" : "other";
	return meaning;
}
