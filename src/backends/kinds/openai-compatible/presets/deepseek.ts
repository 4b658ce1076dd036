import type { Preset } from "../../../protocols/openai/preset.ts";

const NO_MEDIA = "the server takes only text";

/**
 * DeepSeek's API. The reasoning before a tool call must go back with it.
 *
 * @see https://api-docs.deepseek.com/api/create-chat-completion (`max_tokens`, no seed)
 * @see https://api-docs.deepseek.com/guides/thinking_mode (words of the effort, `thinking`, `reasoning_content` in the history)
 * @see https://github.com/BerriAI/litellm/pull/42245 (schemas of the response are refused)
 */
export const deepseek: Preset = {
	baseUrl: "https://api.deepseek.com",
	operations: ["chat_completions"],
	options: { max_tokens_field: "max_tokens", send_reasoning: true, send_parallel_tool_calls: false },
	chat: {
		noReasoning: { thinking: { type: "disabled" } },
		drops: { "params.parallel_tool_calls": "the server has no such parameter" },
		rejects: {
			"params.seed": "the server has no seed",
			"response_format.json_schema": "the server has only the JSON mode without a schema",
			"messages.content.image": NO_MEDIA,
			"messages.content.audio": NO_MEDIA,
			"messages.content.file": NO_MEDIA,
		},
	},
};
