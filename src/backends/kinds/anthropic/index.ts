import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { anthropicChat } from "../../protocols/anthropic/cchat/backend.ts";
import { chatRules } from "../../protocols/anthropic/cchat/rules.ts";
import { anthropicErrors } from "../../protocols/anthropic/errors.ts";
import { anthropicModels } from "../../protocols/anthropic/models.ts";
import { readOptions } from "./options.ts";

/** Anthropic's API. */
export const anthropic: BackendKind = {
	name: "anthropic",
	create(config, network) {
		const options = readOptions(config);
		const http = upstreamClient(options, anthropicErrors, network);
		return {
			...chatBackend(http, anthropicChat(http, config, options), chatRules(options)),
			listModels: (context) => anthropicModels(http, options, context),
		};
	},
};
