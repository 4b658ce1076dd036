import type { Operation } from "../../../../generated/ir/operations.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Backend, InstanceConfig } from "../../backend.ts";
import { chatCapabilities } from "../../capabilities.ts";
import { openAiTranscripts, TRANSCRIPT_CAPABILITIES } from "./asr/backend.ts";
import { openAiChat } from "./cchat/backend.ts";
import { chatRules } from "./cchat/rules.ts";
import { embeddingsCapabilities, openAiEmbeddings } from "./emb/backend.ts";
import { imageCapabilities, openAiImages } from "./img/backend.ts";
import type { OpenAiOptions } from "./options.ts";
import { openAiSpeech, speechCapabilities } from "./tts/backend.ts";

/** Returns an instance with the operations of OpenAI's API over HTTP that the server has. */
export function openAiBackend(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): Backend {
	const has = (operation: Operation): boolean => options.operations?.includes(operation) ?? true;
	return {
		operations: {
			chat_completions: has("chat_completions") ? openAiChat(http, config, options) : undefined,
			embeddings: has("embeddings") ? openAiEmbeddings(http, config, options) : undefined,
			image_generation: has("image_generation") ? openAiImages(http, config, options) : undefined,
			speech_to_text: has("speech_to_text") ? openAiTranscripts(http, config, options) : undefined,
			text_to_speech: has("text_to_speech") ? openAiSpeech(http, config, options) : undefined,
			realtime_voice: undefined,
		},
		capabilities: {
			...(has("chat_completions") ? { chat_completions: chatCapabilities(chatRules(options)) } : {}),
			...(has("embeddings") ? { embeddings: embeddingsCapabilities(options) } : {}),
			...(has("image_generation") ? { image_generation: imageCapabilities(options) } : {}),
			...(has("speech_to_text") ? { speech_to_text: TRANSCRIPT_CAPABILITIES } : {}),
			...(has("text_to_speech") ? { text_to_speech: speechCapabilities(options) } : {}),
		},
		close: () => http.close(),
	};
}
