import type { HttpClient } from "../../../transport/http/client.ts";
import type { Backend, InstanceConfig } from "../../backend.ts";
import { openAiTranscripts, TRANSCRIPT_CAPABILITIES } from "./asr/backend.ts";
import { chatCapabilities, openAiChat } from "./cchat/backend.ts";
import { embeddingsCapabilities, openAiEmbeddings } from "./emb/backend.ts";
import { imageCapabilities, openAiImages } from "./img/backend.ts";
import type { OpenAiOptions } from "./options.ts";
import { openAiSpeech, speechCapabilities } from "./tts/backend.ts";

/** Returns an instance with every operation of OpenAI's API over HTTP. */
export function openAiBackend(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): Backend {
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
		close: () => http.close(),
	};
}
