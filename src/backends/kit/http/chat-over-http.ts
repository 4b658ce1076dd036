import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { ChatCompletionsBackend } from "../../../../generated/backends/chat-completions.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import { abortError } from "../../../errors/spear-error.ts";
import type { JsonTextAnswer, StreamedEvent } from "../../../transport/http/answer.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import type { Exchange } from "../../../transport/http/exchange.ts";
import type { HttpRequest } from "../../../transport/http/options.ts";
import { contextHeaders } from "../auth.ts";
import type { AnswerContext } from "../chat/answer.ts";
import { CallIds } from "../chat/call-ids.ts";
import { type ImageUrls, withMedia } from "../chat/media.ts";
import { RequestDowngrades } from "../chat/request-downgrades.ts";
import type { EndpointOptions } from "../endpoint-options.ts";
import { chatStream, type StreamedChat } from "./chat-stream.ts";
import type { VendorErrors } from "./vendor-errors.ts";

/** A request in a vendor's form. */
export interface ChatCall {
	/** Upstream's name of the model. */
	readonly model: string;
	/** Appended to the path of the base URL. Begins with `/`. */
	readonly path: string;
	/** Headers beside that of the key. Names are in lower case. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly json: object;
}

/** A vendor's protocol for chat: JSON by POST, a whole answer or a stream of JSON events. */
export interface ChatProtocol {
	/** Name of the upstream in opaque parts. */
	readonly provider: string;
	readonly errors: VendorErrors;
	/** Form of images that a request names by URL. The default is `url`. */
	readonly imageUrls?: ImageUrls;
	/**
	 * Returns the request for an envelope whose media are bytes.
	 *
	 * @param downgrades Receives the downgrades that the translation finds. The answer carries them.
	 * @throws SpearError `invalid_request` or `missing_capabilities`.
	 */
	request(envelope: RequestEnvelope<"chat_completions">, isStreamed: boolean, downgrades: RequestDowngrades): ChatCall;
	/** Reads a whole answer. */
	parse(answer: JsonTextAnswer, context: AnswerContext): cchat.Response;
	/** Begins to collect a stream. */
	begin(exchange: Exchange, context: AnswerContext): StreamedChat;
	/** Name of the end that a cut stream lacks, for the log. */
	readonly last: string;
	/** Sends a request and yields the events of its answer. */
	open(http: HttpClient, request: HttpRequest): AsyncIterable<StreamedEvent>;
}

/** Returns a backend for `chat_completions` that speaks a vendor's protocol. */
export function chatOverHttp(
	http: HttpClient,
	options: { readonly authHeader: EndpointOptions["authHeader"] | undefined },
	protocol: ChatProtocol,
): ChatCompletionsBackend {
	const callOf = async (
		envelope: RequestEnvelope<"chat_completions">,
		context: BackendContext,
		isStreamed: boolean,
		downgrades: RequestDowngrades,
	) => {
		if (context.signal.aborted) throw abortError(context.signal);
		const given = withMedia(envelope.payload.messages, context, protocol.imageUrls);
		const payload = { ...envelope.payload, messages: given instanceof Promise ? await given : given };
		const { model, path, headers, json } = protocol.request({ ...envelope, payload }, isStreamed, downgrades);
		const answerContext: AnswerContext = { model, provider: protocol.provider, ids: new CallIds(payload.messages) };
		const request: HttpRequest = {
			method: "POST",
			path,
			headers: { ...contextHeaders(options, context), ...headers },
			json,
			secret: context.apiKey,
			signal: context.signal,
		};
		return { request, answerContext };
	};
	return {
		async unary(envelope, context) {
			const downgrades = new RequestDowngrades();
			const { request, answerContext } = await callOf(envelope, context, false, downgrades);
			return downgrades.in(protocol.parse(await http.requestJson(request), answerContext));
		},
		stream: (envelope, context) =>
			chatStream(async () => {
				const downgrades = new RequestDowngrades();
				const { request, answerContext } = await callOf(envelope, context, true, downgrades);
				return {
					source: protocol.open(http, request),
					downgrades,
					dialect: {
						errors: protocol.errors,
						last: protocol.last,
						begin: (exchange) => protocol.begin(exchange, answerContext),
						parse: (answer) => protocol.parse(answer, answerContext),
					},
				};
			}),
	};
}
