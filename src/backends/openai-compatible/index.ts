import type { BackendKind } from "../backend.ts";
import { HttpClient } from "../http.ts";
import { openAiStatusError } from "../openai-errors.ts";
import { openAiTranscripts, TRANSCRIPT_CAPABILITIES } from "./asr.ts";
import { CHAT_CAPABILITIES, openAiChat } from "./cchat.ts";
import { embeddingsCapabilities, openAiEmbeddings } from "./emb.ts";
import { imageCapabilities, openAiImages } from "./img.ts";
import { readOptions } from "./options.ts";
import { openAiSpeech, speechCapabilities } from "./tts.ts";

/** OpenAI's API and the many servers that speak it too. */
export const openaiCompatible: BackendKind = {
	name: "openai-compatible",
	create(config) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			onStatus: openAiStatusError,
		});
		return {
			operations: {
				chat_completions: openAiChat(http, config, options),
				embeddings: openAiEmbeddings(http, config, options),
				image_generation: openAiImages(http, config, options),
				speech_to_text: openAiTranscripts(http, config, options),
				text_to_speech: openAiSpeech(http, config, options),
				realtime_voice: undefined,
			},
			capabilities: {
				chat_completions: CHAT_CAPABILITIES,
				embeddings: embeddingsCapabilities(options),
				image_generation: imageCapabilities(options),
				speech_to_text: TRANSCRIPT_CAPABILITIES,
				text_to_speech: speechCapabilities(options),
			},
			close: () => http.close(),
		};
	},
};
