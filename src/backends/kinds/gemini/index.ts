import type { BackendKind } from "../../backend.ts";
import { chatCapabilities } from "../../capabilities.ts";
import { bearerToken } from "../../kit/bearer-token.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { geminiChat } from "../../protocols/gemini/cchat/backend.ts";
import { chatRules } from "../../protocols/gemini/cchat/rules.ts";
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
		const prepare = bearerToken(options.tokenFile, options.authHeader);
		const http = upstreamClient(options, geminiErrors, network, prepare === undefined ? {} : { prepare });
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
				chat_completions: chatCapabilities(chatRules(options.chat)),
				embeddings: embeddingsCapabilities(options),
				image_generation: IMAGE_CAPABILITIES,
				text_to_speech: speechCapabilities(options),
			},
			listModels: (context) => geminiModels(http, options, context),
			close: () => http.close(),
		};
	},
};
