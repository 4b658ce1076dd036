import { CLAUDE_REASONS, type FinishMeaning } from "../../../kit/chat/finish-reason.ts";

/** Meaning of the stop reasons. @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const STOP_REASONS: ReadonlyMap<string, FinishMeaning> = new Map<string, FinishMeaning>([
	...CLAUDE_REASONS,
	["guardrail_intervened", "content_filter"],
	["content_filtered", "content_filter"],
	["malformed_model_output", "other"],
	["malformed_tool_use", "other"],
]);
