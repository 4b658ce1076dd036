import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { textOf } from "../../../kit/json/guards.ts";

/** `calls`: `tool_calls` if the answer has any, else `other`. `failure`: the upstream failed before the end of the answer. */
type Meaning = cchat.FinishReason | "calls" | "failure";

/** Meaning of finish reasons, in lower case. The comments name a server that sends them. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
	["stop", "stop"],
	["eos_token", "stop"], // Text Generation Inference
	["stop_sequence", "stop"], // Text Generation Inference
	["end_turn", "stop"], // gateways to Anthropic, xAI
	["length", "length"],
	["max_tokens", "length"], // gateways to Anthropic, Gemini
	["model_length", "length"], // Mistral
	["model_context_window_exceeded", "length"], // Z.AI
	["tool_calls", "calls"], // vLLM sends it for a forced call that did not come
	["tool_use", "calls"], // gateways to Anthropic
	["function_call", "calls"], // OpenAI, before tools
	["content_filter", "content_filter"],
	["safety", "content_filter"], // Gemini
	["sensitive", "content_filter"], // Z.AI
	["error", "failure"], // Mistral, OpenRouter
	["network_error", "failure"], // Z.AI
	["insufficient_system_resource", "failure"], // DeepSeek
	["abort", "failure"], // vLLM, SGLang
]);

/** Reasons that say that the answer is cut. None of the others replaces them. */
const CUTS: ReadonlySet<Meaning> = new Set<Meaning>(["length", "content_filter"]);

/** Returns the finish reason of a choice. `undefined` for one that is absent, empty or the word `null`, which stands for absence. */
export function finishReasonOf(choice: Readonly<Record<string, unknown>>): string | undefined {
	const reason = textOf(choice.finish_reason) ?? textOf(choice.finishReason); // Gemini has sent the second.
	return reason === "null" ? undefined : reason;
}

/** Returns true for a reason that stands for a failure of the upstream. */
export function isFailure(reason: string): boolean {
	return meaningOf(reason) === "failure";
}

/** Returns the reason of an answer that sent two: the later one, unless only the former says that the answer is cut. */
export function laterReason(former: string | undefined, later: string | undefined): string | undefined {
	if (later === undefined) return former;
	return former !== undefined && CUTS.has(meaningOf(former)) && !CUTS.has(meaningOf(later)) ? former : later;
}

/**
 * Returns the finish reason of a whole answer. An answer with tool calls has the reason `tool_calls`, although some servers send `stop` for
 * a forced call.
 *
 * @param reason The default is `stop`.
 */
export function finishReason(reason: string | undefined, hasCalls: boolean): cchat.FinishReason {
	const meaning = meaningOf(reason ?? "stop");
	if (meaning === "calls" || (meaning === "stop" && hasCalls)) return hasCalls ? "tool_calls" : "other";
	return meaning === "failure" ? "other" : meaning;
}

function meaningOf(reason: string): Meaning {
	return MEANINGS.get(reason.toLowerCase()) ?? "other";
}
