import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { ollamaErrors } from "../errors.ts";
import type { OllamaOptions } from "../options.ts";
import { chatRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { LAST_LINE, StreamedAnswer } from "./stream.ts";

/** Every feature that the API has a member for. A model may lack some. */
export const CHAT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	features: [
		"supports_json_mode",
		"supports_json_schema",
		"supports_parallel_tool_calls",
		"supports_reasoning_effort",
		"supports_seed",
		"supports_tools",
		"supports_vision",
	],
	downgrades: [
		"several texts of a message are joined, in assistant messages without a line break between them; images follow the text",
		"names of messages and detail of an image are dropped",
		"reasoning that a provider sealed, opaque parts and citations are dropped from the history; a refusal is sent as text",
		"assistant messages of which nothing else remains are dropped from the history",
		"is_error of a tool message is dropped; its content states that the tool failed",
		"arguments of a tool call that are no JSON object are returned within one; an id that an earlier call has is made unique",
		"tools are left out if the tool_choice is none; a request that demands a call is refused",
		"strict of a tool, and name and strict of a JSON schema are dropped; the upstream always enforces the schema",
		"parallel_tool_calls is dropped; the model decides",
		"reasoning_effort is sent as true or false, or with the option reasoning = levels as low, medium, high or max",
	],
};

/**
 * `chat_completions` over `POST /api/chat`.
 *
 * @see https://docs.ollama.com/api/chat
 */
export function ollamaChat(http: HttpClient, config: InstanceConfig, options: OllamaOptions): ChatCompletionsBackend {
	return chatOverHttp(http, options, {
		provider: config.name,
		errors: ollamaErrors,
		last: "the line with done",
		imageUrls: "read",
		request(envelope, isStreamed) {
			const json = chatRequest(envelope, config, options, isStreamed);
			return { model: json.model, path: "/api/chat", json };
		},
		parse: parseAnswer,
		begin: (exchange, context) => new StreamedAnswer(exchange, context),
		open: (client, request) => client.openStream(request, LAST_LINE, { format: "json_lines", bodyEnds: true }),
	});
}
