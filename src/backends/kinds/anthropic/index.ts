import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { anthropicChat, chatCapabilities } from "../../protocols/anthropic/cchat/backend.ts";
import { anthropicErrors } from "../../protocols/anthropic/errors.ts";
import { anthropicModels } from "../../protocols/anthropic/models.ts";
import { readOptions } from "./options.ts";

/** Anthropic's API. */
export const anthropic: BackendKind = {
	name: "anthropic",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: anthropicErrors.onStatus,
		});
		return {
			operations: {
				chat_completions: anthropicChat(http, config, options),
				embeddings: undefined,
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: undefined,
			},
			capabilities: { chat_completions: chatCapabilities(options) },
			listModels: (context) => anthropicModels(http, options, context),
			close: () => http.close(),
		};
	},
};
