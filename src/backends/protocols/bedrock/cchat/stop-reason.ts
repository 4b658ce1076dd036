import type { FinishMeaning } from "../../../kit/chat/finish-reason.ts";

/** Meaning of the stop reasons. @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const STOP_REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	["end_turn", "stop"],
	["stop_sequence", "stop"],
	["max_tokens", "length"],
	["model_context_window_exceeded", "length"],
	["tool_use", "calls"],
	["guardrail_intervened", "content_filter"],
	["content_filtered", "content_filter"],
	["malformed_model_output", "other"],
	["malformed_tool_use", "other"],
]);
