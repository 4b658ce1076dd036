import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { withEmulations } from "../../../kit/chat/emulate/options.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { anthropicErrors } from "../errors.ts";
import { type AnthropicOptions, apiPath } from "../options.ts";
import { messagesRequest } from "./request.ts";
import { parseMessage } from "./response.ts";
import { LAST, StreamedAnswer } from "./stream.ts";

/**
 * Data of the event that ends a stream. An object with others in it does not match, so that no text of a model can. The stream then ends
 * with its body.
 */
const LAST_EVENT = /^\{[^{}]{0,200}"type"\s{0,9}:\s{0,9}"message_stop"[^{}]{0,200}\}$/;

/**
 * `chat_completions` over `POST /v1/messages`.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export function anthropicChat(http: HttpClient, config: InstanceConfig, options: AnthropicOptions): ChatCompletionsBackend {
	const path = apiPath(options, "/messages");
	const backend = chatOverHttp(http, options, {
		provider: options.chat.provider,
		errors: anthropicErrors,
		last: LAST,
		request(envelope, isStreamed, downgrades) {
			const request = messagesRequest(envelope, config, options, downgrades);
			const json = isStreamed ? { ...request, stream: true } : request;
			return { model: request.model, path, headers: { "anthropic-version": options.version }, json };
		},
		parse: parseMessage,
		begin: (exchange, context) => new StreamedAnswer(exchange, context),
		open: (client, request) => client.openStream(request, LAST_EVENT, { orJson: true, bodyEnds: true }),
	});
	return withEmulations(backend, options.chat.emulations);
}
