import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { keepUsage } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { type AnswerContext, answerContext } from "./answer-context.ts";
import type { ChatRequest } from "./api.ts";
import { withMedia } from "./media.ts";
import { MESSAGE_DOWNGRADES } from "./message.ts";
import { chatRequest } from "./request.ts";
import { parseCompletion } from "./response.ts";
import { chatEvents, DONE } from "./stream.ts";

/** Every feature that Chat Completions has a member for. An operator lists the features of one server with `features`. */
export const CHAT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	features: [
		"supports_audio_input",
		"supports_file_input",
		"supports_json_mode",
		"supports_json_schema",
		"supports_parallel_tool_calls",
		"supports_reasoning_effort",
		"supports_seed",
		"supports_strict_tools",
		"supports_tools",
		"supports_vision",
	],
	downgrades: MESSAGE_DOWNGRADES,
};

/**
 * `chat_completions` over `POST /chat/completions`.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export function openAiChat(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): ChatCompletionsBackend {
	const post = (json: unknown, { signal, apiKey }: BackendContext): HttpRequest => ({
		method: "POST",
		path: "/chat/completions",
		headers: authHeaders(options, apiKey),
		json,
		secret: apiKey,
		signal,
	});
	const requestOf = async (envelope: RequestEnvelope<"chat_completions">, context: BackendContext, streamed: boolean) => {
		const payload = { ...envelope.payload, messages: await withMedia(envelope.payload.messages, context) };
		return chatRequest({ ...envelope, payload }, config, options, streamed);
	};
	const contextOf = ({ payload }: RequestEnvelope<"chat_completions">, { model, stream_options }: ChatRequest): AnswerContext =>
		answerContext(payload, { model, provider: options.chat.provider, usageRequested: stream_options !== undefined });
	return {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = await requestOf(envelope, context, false);
			const answer = await http.requestJson(post(request, context));
			return keepUsage(answer.value, () => parseCompletion(answer, contextOf(envelope, request)));
		},
		async *stream(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = await requestOf(envelope, context, true);
			const events = http.openStream(post(request, context), DONE, { orJson: true, bodyEnds: true });
			yield* chatEvents(events, contextOf(envelope, request));
		},
	};
}
