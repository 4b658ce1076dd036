import type { BackendKind } from "../../backend.ts";
import { chatCapabilities } from "../../capabilities.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { ollamaChat } from "../../protocols/ollama/cchat/backend.ts";
import { chatRules } from "../../protocols/ollama/cchat/rules.ts";
import { EMBEDDINGS_CAPABILITIES, ollamaEmbeddings } from "../../protocols/ollama/emb/backend.ts";
import { ollamaErrors } from "../../protocols/ollama/errors.ts";
import { ollamaModels } from "../../protocols/ollama/models.ts";
import { readOptions } from "./options.ts";

/** Ollama's own API. */
export const ollama: BackendKind = {
	name: "ollama",
	create(config, network) {
		const options = readOptions(config);
		const http = upstreamClient(options, ollamaErrors, network);
		return {
			operations: {
				chat_completions: ollamaChat(http, config, options),
				embeddings: ollamaEmbeddings(http, config, options),
				image_generation: undefined,
				speech_to_text: undefined,
				text_to_speech: undefined,
				realtime_voice: undefined,
			},
			capabilities: { chat_completions: chatCapabilities(chatRules(options)), embeddings: EMBEDDINGS_CAPABILITIES },
			listModels: (context) => ollamaModels(http, options, context),
			close: () => http.close(),
		};
	},
};
