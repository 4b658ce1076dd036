import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * LM Studio on this machine.
 *
 * @see https://lmstudio.ai/docs/developer/openai-compat/chat-completions (lists the parameters)
 * @see https://lmstudio.ai/docs/developer/openai-compat/structured-output (schemas only)
 */
export const lmStudio: Preset = {
	baseUrl: "http://127.0.0.1:1234/v1",
	operations: ["chat_completions", "embeddings"],
	options: { max_tokens_field: "max_tokens", send_parallel_tool_calls: false },
	chat: {
		drops: { "params.parallel_tool_calls": "the server has no such parameter" },
		rejects: {
			"response_format.json_object": "the server has no JSON mode without a schema",
			"messages.content.audio": "the server takes no audio",
			"messages.content.file": "the server takes no files",
		},
	},
};
