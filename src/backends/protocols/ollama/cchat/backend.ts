import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { withEmulations } from "../../../kit/chat/emulate/options.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { ollamaErrors } from "../errors.ts";
import type { OllamaOptions } from "../options.ts";
import { chatRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { LAST_LINE, StreamedAnswer } from "./stream.ts";

/**
 * `chat_completions` over `POST /api/chat`.
 *
 * @see https://docs.ollama.com/api/chat
 */
export function ollamaChat(http: HttpClient, config: InstanceConfig, options: OllamaOptions): ChatCompletionsBackend {
	const backend = chatOverHttp(http, options, {
		provider: options.provider,
		errors: ollamaErrors,
		last: "the line with done",
		imageUrls: "bytes",
		request(envelope, isStreamed, downgrades) {
			const json = chatRequest(envelope, config, options, isStreamed, downgrades);
			return { model: json.model, path: "/api/chat", json };
		},
		parse: parseAnswer,
		begin: (exchange, context) => new StreamedAnswer(exchange, context),
		open: (client, request) => client.openStream(request, LAST_LINE, { format: "json_lines", bodyEnds: true }),
	});
	return withEmulations(backend, options.emulations);
}
