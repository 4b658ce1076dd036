import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { bedrockErrors } from "../errors.ts";
import type { BedrockOptions } from "../options.ts";
import { converseRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { chatRules } from "./rules.ts";
import { LAST, StreamedAnswer } from "./stream.ts";

/** Returns the capabilities of an instance: what Converse has a member for. An operator lists the features of one model with `features`. */
export function chatCapabilities(options: Pick<BedrockOptions, "chat">): OperationCapabilities<"chat_completions"> {
	const rules = chatRules(options);
	return { transports: ["unary", "server_stream"], features: offeredFeatures("chat_completions", rules), rules };
}

/**
 * `chat_completions` over `POST /model/{id}/converse` and `/converse-stream`.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function bedrockChat(http: HttpClient, config: InstanceConfig, options: BedrockOptions): ChatCompletionsBackend {
	return chatOverHttp(
		http,
		{ authHeader: options.sigV4 === undefined ? options.authHeader : undefined },
		{
			provider: options.chat.provider,
			errors: bedrockErrors,
			imageUrls: "bytes",
			last: LAST,
			request(envelope, isStreamed) {
				const model = upstreamModel(config, "chat_completions", envelope.payload.model);
				const path = `/model/${pathSegment(model)}/${isStreamed ? "converse-stream" : "converse"}`;
				return { model, path, json: converseRequest(envelope, options, model) };
			},
			parse: parseAnswer,
			begin: (exchange, context) => new StreamedAnswer(exchange, context),
			open: (client, request) => client.openStream(request, LAST, { format: "aws_frames", orJson: true, bodyEnds: true }),
		},
	);
}

/** Returns a model's id or ARN as a part of a path. */
function pathSegment(model: string): string {
	// Such a segment means another path, however it is written.
	if (/^\.{1,2}$/.test(model)) throw new SpearError("invalid_request", "model: it is not the id of a model");
	return encodeURIComponent(model);
}
