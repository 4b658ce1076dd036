import type { Preset } from "../../../protocols/openai/preset.ts";

/**
 * Groq's API.
 *
 * @see https://console.groq.com/docs/openai (names of messages are refused)
 * @see https://console.groq.com/docs/api-reference#chat-create (`max_completion_tokens`; images are the only media)
 */
export const groq: Preset = {
	baseUrl: "https://api.groq.com/openai/v1",
	operations: ["chat_completions", "speech_to_text", "text_to_speech"],
	options: {},
	chat: {
		efforts: { minimal: "low", xhigh: "high", max: "high" },
		drops: { "messages.name": "the server refuses names of messages" },
		rejects: {
			"messages.content.audio": "the server takes no audio in chat",
			"messages.content.file": "the server takes no files in chat",
		},
	},
};
