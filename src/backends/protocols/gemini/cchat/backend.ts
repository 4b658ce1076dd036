import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { geminiErrors } from "../errors.ts";
import { methodPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { GeminiAnswer } from "./answer.ts";
import { generateContentRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";

export const CHAT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	features: [
		"supports_audio_input",
		"supports_file_input",
		"supports_json_mode",
		"supports_json_schema",
		"supports_reasoning_effort",
		"supports_seed",
		"supports_strict_tools",
		"supports_tools",
		"supports_vision",
	],
};

/** Data of the event that ends the streams of some proxies. Those of the API end with the body. */
const LAST_OF_PROXIES = "[DONE]";

/**
 * `chat_completions` over `generateContent` and `streamGenerateContent`.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export function geminiChat(http: HttpClient, config: InstanceConfig, options: GeminiOptions): ChatCompletionsBackend {
	return chatOverHttp(http, options, {
		provider: options.chat.provider,
		errors: geminiErrors,
		imageUrls: "bytes",
		last: "a finishReason",
		request(envelope, isStreamed) {
			const model = upstreamModel(config, "chat_completions", envelope.payload.model);
			const path = methodPath(options, model, isStreamed ? "streamGenerateContent?alt=sse" : "generateContent");
			return { model, path, json: generateContentRequest(envelope, model, options) };
		},
		parse: parseAnswer,
		begin: (exchange, context) => new GeminiAnswer(exchange, context),
		async *open(client, request) {
			for await (const event of client.openStream(request, LAST_OF_PROXIES, { orJson: true, bodyEnds: true }))
				if (event.data.trim() !== LAST_OF_PROXIES) yield event;
		},
	});
}
