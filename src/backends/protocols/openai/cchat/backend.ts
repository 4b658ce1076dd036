import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { opened, openedStream } from "../../../../async/opened-stream.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import { stringifyJson } from "../../../../transport/http/raw-json.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { withEmulations } from "../../../kit/chat/emulate/options.ts";
import { withMedia } from "../../../kit/chat/media.ts";
import { RequestDowngrades } from "../../../kit/chat/request-downgrades.ts";
import { withAddedMembers } from "../added-members.ts";
import { keepUsageAtOnce } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { RefusedMembers } from "../refused-members.ts";
import { type AnswerContext, answerContext } from "./answer-context.ts";
import type { ChatRequest } from "./api.ts";
import { chatRequest } from "./request.ts";
import { parseCompletion } from "./response.ts";
import { chatEvents, DONE } from "./stream.ts";
import { withTokenLimitHint } from "./token-limit-hint.ts";

/**
 * `chat_completions` over `POST /chat/completions`.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */
export function openAiChat(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): ChatCompletionsBackend {
	const post = (json: unknown, context: BackendContext): HttpRequest => ({
		method: "POST",
		path: "/chat/completions",
		headers: contextHeaders(options, context),
		json,
		secret: context.apiKey,
		signal: context.signal,
	});
	const requestOf = (envelope: RequestEnvelope<"chat_completions">, context: BackendContext, downgrades: RequestDowngrades) => {
		const given = withMedia(envelope.payload.messages, context);
		if (!(given instanceof Promise)) return chatRequest(envelope, config, options, downgrades);
		return given.then((messages) => chatRequest({ ...envelope, payload: { ...envelope.payload, messages } }, config, options, downgrades));
	};
	const contextOf = ({ payload }: RequestEnvelope<"chat_completions">, { model, stream_options }: ChatRequest): AnswerContext =>
		answerContext(payload, {
			model,
			provider: options.chat.provider,
			usageRequested: stream_options !== undefined,
			thinkingItems: options.chat.quirks.thinkingItems ?? false,
		});
	const names = options.chat.sendStreamOptions ? ["stream_options"] : [];
	const refused = new RefusedMembers();
	const backend: ChatCompletionsBackend = {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const downgrades = new RequestDowngrades();
			const translated = requestOf(envelope, context, downgrades);
			const request = translated instanceof Promise ? await translated : translated;
			try {
				const answer = await http.requestJson(post(request, context));
				return keepUsageAtOnce(answer.value, () => downgrades.in(parseCompletion(answer, contextOf(envelope, request))));
			} catch (thrown) {
				throw withTokenLimitHint(thrown, request, options.chat);
			}
		},
		stream: (envelope, context) =>
			openedStream(async () => {
				if (context.signal.aborted) throw abortError(context.signal);
				const downgrades = new RequestDowngrades();
				const request: ChatRequest = { ...(await requestOf(envelope, context, downgrades)), stream: true };
				const added = { model: request.model, names, refused, ownText: () => stringifyJson(request) };
				try {
					return await withAddedMembers(added, (sent) => {
						const json: ChatRequest = sent.has("stream_options") ? { ...request, stream_options: { include_usage: true } } : request;
						const source = http.openStream(post(json, context), DONE, { orJson: true, bodyEnds: true });
						return opened(downgrades.inEvents(chatEvents(source, contextOf(envelope, json))));
					});
				} catch (thrown) {
					throw withTokenLimitHint(thrown, request, options.chat);
				}
			}),
	};
	return withEmulations(backend, options.chat.emulations);
}
