import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { openAiModels } from "../../protocols/openai/models.ts";
import { chatCapabilities, openAiResponsesChat } from "../../protocols/openai-responses/cchat/backend.ts";
import { responsesErrors } from "../../protocols/openai-responses/errors.ts";
import { readOptions } from "./options.ts";

/** OpenAI's Responses API, and compatible servers. */
export const openaiResponses: BackendKind = {
	name: "openai-responses",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: responsesErrors.onStatus,
		});
		return {
			...chatBackend(http, openAiResponsesChat(http, config, options), chatCapabilities(options)),
			listModels: (context) => openAiModels(http, options, context),
		};
	},
};
