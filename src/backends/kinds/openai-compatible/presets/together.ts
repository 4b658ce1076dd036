import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * Together AI.
 *
 * @see https://docs.together.ai/reference/chat-completions
 * @see https://github.com/togethercomputer/openapi/blob/main/openapi.yaml (`max_tokens`, three amounts of reasoning, `reasoning.enabled`)
 */
export const together: Preset = {
	baseUrl: "https://api.together.ai/v1",
	operations: ["chat_completions", "embeddings", "image_generation", "speech_to_text", "text_to_speech"],
	options: { max_tokens_field: "max_tokens", send_parallel_tool_calls: false },
	chat: {
		efforts: { minimal: "low", xhigh: "high", max: "high" },
		noReasoning: { reasoning: { enabled: false } },
		drops: { "params.parallel_tool_calls": "the server has no such parameter" },
		rejects: { "messages.content.file": "the server takes no files" },
	},
};
