import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { withStopSequences } from "../../../kit/chat/emulate/stop-sequences.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { geminiErrors } from "../errors.ts";
import { methodPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { openEvents } from "../responses.ts";
import { GeminiAnswer } from "./answer.ts";
import { generateContentRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { MAX_STOP } from "./rules.ts";

/**
 * `chat_completions` over `generateContent` and `streamGenerateContent`.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export function geminiChat(http: HttpClient, config: InstanceConfig, options: GeminiOptions): ChatCompletionsBackend {
	const modelOf = (requested: string | undefined): string => upstreamModel(config, "chat_completions", requested);
	const chat = chatOverHttp(http, options, {
		provider: options.chat.provider,
		errors: geminiErrors,
		imageUrls: "bytes",
		last: "a finishReason",
		request(envelope, isStreamed, downgrades) {
			const model = modelOf(envelope.payload.model);
			const path = methodPath(options, model, isStreamed ? "streamGenerateContent?alt=sse" : "generateContent");
			return { model, path, json: generateContentRequest(envelope, model, options, downgrades) };
		},
		parse: parseAnswer,
		begin: (exchange, context) => new GeminiAnswer(exchange, context),
		open: openEvents,
	});
	return withStopSequences(chat, { max: MAX_STOP, model: ({ model }) => modelOf(model) });
}
