import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { CallIds } from "../../../kit/chat/call-ids.ts";
import { withMedia } from "../../../kit/chat/media.ts";
import type { AnthropicOptions } from "../options.ts";
import type { AnswerContext } from "./answer.ts";
import type { MessagesRequest } from "./api.ts";
import { MESSAGE_DOWNGRADES } from "./message.ts";
import { messagesRequest, REQUEST_DOWNGRADES, samplingDowngrade } from "./request.ts";
import { parseMessage } from "./response.ts";
import { LAST_EVENT, messageEvents } from "./stream.ts";

/** Every feature that the Messages API has a member for. */
const FEATURES: OperationCapabilities["features"] = [
	"supports_file_input",
	"supports_json_schema",
	"supports_parallel_tool_calls",
	"supports_reasoning_effort",
	"supports_strict_tools",
	"supports_tools",
	"supports_vision",
];

/** Returns the capabilities of an instance. */
export function chatCapabilities(options: Pick<AnthropicOptions, "version">): OperationCapabilities {
	return {
		transports: ["unary", "server_stream"],
		features: FEATURES,
		downgrades: [...MESSAGE_DOWNGRADES, ...REQUEST_DOWNGRADES, samplingDowngrade(options)],
	};
}

/**
 * `chat_completions` over `POST /v1/messages`.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 */
export function anthropicChat(http: HttpClient, config: InstanceConfig, options: AnthropicOptions): ChatCompletionsBackend {
	const post = (json: MessagesRequest, { signal, apiKey }: BackendContext): HttpRequest => ({
		method: "POST",
		path: /\/v1\/{0,9}$/.test(options.baseUrl.pathname) ? "/messages" : "/v1/messages",
		headers: { ...authHeaders(options, apiKey), "anthropic-version": options.version },
		json,
		secret: apiKey,
		signal,
	});
	const requestOf = async (envelope: RequestEnvelope<"chat_completions">, context: BackendContext): Promise<MessagesRequest> => {
		if (context.signal.aborted) throw abortError(context.signal);
		const payload = { ...envelope.payload, messages: await withMedia(envelope.payload.messages, context) };
		return messagesRequest({ ...envelope, payload }, config, options);
	};
	const contextOf = ({ payload }: RequestEnvelope<"chat_completions">, { model }: MessagesRequest): AnswerContext => ({
		model,
		provider: options.chat.provider,
		ids: new CallIds(payload.messages),
	});
	return {
		async unary(envelope, context) {
			const request = await requestOf(envelope, context);
			return parseMessage(await http.requestJson(post(request, context)), contextOf(envelope, request));
		},
		async *stream(envelope, context) {
			const request: MessagesRequest = { ...(await requestOf(envelope, context)), stream: true };
			const events = http.openStream(post(request, context), LAST_EVENT, { orJson: true, bodyEnds: true });
			yield* messageEvents(events, contextOf(envelope, request));
		},
	};
}
