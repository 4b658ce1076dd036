import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { openAiModels } from "../../protocols/openai/models.ts";
import { openAiResponsesChat } from "../../protocols/openai-responses/cchat/backend.ts";
import { chatRules } from "../../protocols/openai-responses/cchat/rules.ts";
import { responsesErrors } from "../../protocols/openai-responses/errors.ts";
import { readOptions } from "./options.ts";

/** OpenAI's Responses API, and compatible servers. */
export const openaiResponses: BackendKind = {
	name: "openai-responses",
	create(config, network) {
		const options = readOptions(config);
		const http = upstreamClient(options, responsesErrors, network);
		return {
			...chatBackend(http, openAiResponsesChat(http, config, options), chatRules(options.chat)),
			listModels: (context) => openAiModels(http, options, context),
		};
	},
};
