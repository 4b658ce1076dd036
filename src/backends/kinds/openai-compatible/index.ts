import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { openAiTranscripts, TRANSCRIPT_CAPABILITIES } from "../../protocols/openai/asr/backend.ts";
import { chatCapabilities, openAiChat } from "../../protocols/openai/cchat/backend.ts";
import { embeddingsCapabilities, openAiEmbeddings } from "../../protocols/openai/emb/backend.ts";
import { openAiErrors } from "../../protocols/openai/errors.ts";
import { imageCapabilities, openAiImages } from "../../protocols/openai/img/backend.ts";
import { openAiModels } from "../../protocols/openai/models.ts";
import { readOptions } from "../../protocols/openai/options.ts";
import { openAiSpeech, speechCapabilities } from "../../protocols/openai/tts/backend.ts";

/** OpenAI's API, and compatible servers. */
export const openaiCompatible: BackendKind = {
	name: "openai-compatible",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: openAiErrors.onStatus,
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
				chat_completions: chatCapabilities(options),
				embeddings: embeddingsCapabilities(options),
				image_generation: imageCapabilities(options),
				speech_to_text: TRANSCRIPT_CAPABILITIES,
				text_to_speech: speechCapabilities(options),
			},
			listModels: (context) => openAiModels(http, options, context),
			close: () => http.close(),
		};
	},
};
