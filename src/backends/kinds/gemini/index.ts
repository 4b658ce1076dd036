import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { chatCapabilities, geminiChat } from "../../protocols/gemini/cchat/backend.ts";
import { embeddingsCapabilities, geminiEmbeddings } from "../../protocols/gemini/emb/backend.ts";
import { geminiErrors } from "../../protocols/gemini/errors.ts";
import { geminiImages, IMAGE_CAPABILITIES } from "../../protocols/gemini/img/backend.ts";
import { geminiModels } from "../../protocols/gemini/models.ts";
import { geminiSpeech, speechCapabilities } from "../../protocols/gemini/tts/backend.ts";
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
				embeddings: geminiEmbeddings(http, config, options),
				image_generation: geminiImages(http, config, options),
				speech_to_text: undefined,
				text_to_speech: geminiSpeech(http, config, options),
				realtime_voice: undefined,
			},
			capabilities: {
				chat_completions: chatCapabilities(options),
				embeddings: embeddingsCapabilities(options),
				image_generation: IMAGE_CAPABILITIES,
				text_to_speech: speechCapabilities(options),
			},
			listModels: (context) => geminiModels(http, options, context),
			close: () => http.close(),
		};
	},
};
