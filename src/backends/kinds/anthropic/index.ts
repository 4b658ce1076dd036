import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { anthropicChat, chatCapabilities } from "../../protocols/anthropic/cchat/backend.ts";
import { anthropicErrors } from "../../protocols/anthropic/errors.ts";
import { anthropicModels } from "../../protocols/anthropic/models.ts";
import { readOptions } from "./options.ts";

/** Anthropic's API. */
export const anthropic: BackendKind = {
	name: "anthropic",
	create(config, network) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			onStatus: anthropicErrors.onStatus,
		});
		return {
			...chatBackend(http, anthropicChat(http, config, options), chatCapabilities(options)),
			listModels: (context) => anthropicModels(http, options, context),
		};
	},
};
