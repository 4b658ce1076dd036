import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { opened, openedStream } from "../../../../async/opened-stream.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { withStopSequences } from "../../../kit/chat/emulate/stop-sequences.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { withAddedMembers } from "../../openai/added-members.ts";
import { RefusedMembers } from "../../openai/refused-members.ts";
import { responsesErrors } from "../errors.ts";
import type { ResponsesOptions } from "../options.ts";
import { responsesRequest } from "./request.ts";
import { responseParser } from "./response.ts";
import { StreamedResponse } from "./stream.ts";

/** Beginning of the event that ends a stream, from servers that write the type first. All other streams end with their body. */
const LAST_EVENT = /^\{\s{0,9}"type"\s{0,9}:\s{0,9}"response\.(?:completed|incomplete)"/;

/**
 * `chat_completions` over `POST /responses`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create
 * @see https://github.com/pydantic/pydantic-ai/issues/2865 (models without reasoning refuse `include`)
 */
export function openAiResponsesChat(http: HttpClient, config: InstanceConfig, options: ResponsesOptions): ChatCompletionsBackend {
	const { provider, store, encryptedReasoning } = options.chat;
	const refused = new RefusedMembers();
	const names = encryptedReasoning && !store ? ["include"] : [];
	const sending = (sent: ReadonlySet<string>): ChatCompletionsBackend =>
		chatOverHttp(http, options, {
			provider,
			errors: responsesErrors,
			last: "response.completed",
			request(envelope, isStreamed, downgrades) {
				const json = {
					...responsesRequest(envelope, config, options, downgrades),
					...(sent.has("include") ? { include: ["reasoning.encrypted_content"] } : {}),
					...(isStreamed ? { stream: true } : {}),
				};
				return { model: json.model, path: "/responses", json };
			},
			parse: responseParser(store),
			begin: (exchange, context) => new StreamedResponse(exchange, context, store),
			open: (client, request) => client.openStream(request, LAST_EVENT, { orJson: true, bodyEnds: true }),
		});
	const added = ({ payload }: RequestEnvelope<"chat_completions">) => ({
		model: upstreamModel(config, "chat_completions", payload.model),
		names,
		refused,
		ownText: () => JSON.stringify(payload),
	});
	const backend: ChatCompletionsBackend = {
		unary: (envelope, context) => withAddedMembers(added(envelope), (sent) => sending(sent).unary(envelope, context)),
		stream: (envelope, context) =>
			openedStream(async () => withAddedMembers(added(envelope), (sent) => opened(sending(sent).stream(envelope, context)))),
	};
	return withStopSequences(backend, { max: 0, model: ({ model }) => upstreamModel(config, "chat_completions", model) });
}
