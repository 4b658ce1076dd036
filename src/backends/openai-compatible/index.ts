import type { BackendKind } from "../backend.ts";
import { HttpClient } from "../http.ts";
import { CHAT_CAPABILITIES, openAiChat } from "./cchat.ts";
import { openAiStatusError } from "./errors.ts";
import { readOptions } from "./options.ts";

/** OpenAI's API and the many servers that speak it too. */
export const openaiCompatible: BackendKind = {
	name: "openai-compatible",
	create(config, deps) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			onStatus: openAiStatusError,
		});
		return {
			operations: {
				chat_completions: openAiChat(http, config, options, deps),
				embeddings: undefined,
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: undefined,
			},
			capabilities: { chat_completions: CHAT_CAPABILITIES },
			close: () => http.close(),
		};
	},
};
