import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { chatCapabilities, geminiChat } from "../../protocols/gemini/cchat/backend.ts";
import { geminiErrors } from "../../protocols/gemini/errors.ts";
import { readOptions } from "./options.ts";

/** Google's Gemini API. */
export const gemini: BackendKind = {
	name: "gemini",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: geminiErrors.onStatus,
		});
		return {
			operations: {
				chat_completions: geminiChat(http, config, options),
				embeddings: undefined,
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: undefined,
			},
			capabilities: { chat_completions: chatCapabilities(options) },
			close: () => http.close(),
		};
	},
};
