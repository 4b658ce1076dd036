import type { ChatCompletionsBackend } from "../../../../../generated/backends/chat-completions.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import type { ProbeContext } from "../../../discovery.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { withEmulations } from "../../../kit/chat/emulate/options.ts";
import { chatOverHttp } from "../../../kit/http/chat-over-http.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { bedrockErrors } from "../errors.ts";
import type { BedrockOptions } from "../options.ts";
import { converseRequest } from "./request.ts";
import { parseAnswer } from "./response.ts";
import { LAST, StreamedAnswer } from "./stream.ts";

/**
 * `chat_completions` over `POST /model/{id}/converse` and `/converse-stream`.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function bedrockChat(http: HttpClient, config: InstanceConfig, options: BedrockOptions): ChatCompletionsBackend {
	const backend = chatOverHttp(http, keyHeader(options), {
		provider: options.chat.provider,
		errors: bedrockErrors,
		imageUrls: "bytes",
		last: LAST,
		request(envelope, isStreamed, downgrades) {
			const model = upstreamModel(config, "chat_completions", envelope.payload.model);
			return { model, path: pathOf(model, isStreamed), json: converseRequest(envelope, options, model, downgrades) };
		},
		parse: parseAnswer,
		begin: (exchange, context) => new StreamedAnswer(exchange, context),
		open: (client, request) => client.openStream(request, LAST, { format: "aws_frames", orJson: true, bodyEnds: true }),
	});
	return withEmulations(backend, options.chat.emulations);
}

/**
 * Sends a request without messages to the default model. The API refuses the request at no cost, and refuses a wrong key or an unknown model
 * before.
 *
 * @throws SpearError for any other refusal or failure.
 */
export async function probeBedrock(
	http: HttpClient,
	config: InstanceConfig,
	options: BedrockOptions,
	{ signal, apiKey }: ProbeContext,
): Promise<void> {
	const model = upstreamModel(config, "chat_completions", undefined);
	const path = pathOf(model, false);
	const headers = authHeaders(keyHeader(options), apiKey);
	try {
		await http.requestJson({ method: "POST", path, headers, json: { messages: [] }, secret: apiKey, signal });
	} catch (thrown) {
		if (!(thrown instanceof SpearError) || thrown.code !== "invalid_request") throw aboutModel(thrown, model);
	}
}

/** Returns the failure of a probe. A refusal that the API explains is one of the model: the probe asks for nothing else. */
function aboutModel(thrown: unknown, model: string): unknown {
	if (!(thrown instanceof SpearError) || thrown.attribution !== "request" || !/ \(status \d{3}\): /.test(thrown.message)) return thrown;
	const message = `the model "${guestName(model)}" cannot be used with this key in this region; check models and region`;
	return new SpearError("backend_error", message, { attribution: "request", processed: "no", cause: thrown });
}

/** Returns the header of the key. Signed requests have none. */
function keyHeader({ sigV4, authHeader }: BedrockOptions): { readonly authHeader: string | undefined } {
	return { authHeader: sigV4 === undefined ? authHeader : undefined };
}

/** Returns the path for a model's id or ARN. */
function pathOf(model: string, isStreamed: boolean): string {
	// A segment of dots means another path, however it is written. Half a surrogate pair has no form in a URL.
	if (/^\.{0,2}$/.test(model) || !model.isWellFormed()) throw new SpearError("invalid_request", "model: it is not the id of a model");
	return `/model/${encodeURIComponent(model)}/${isStreamed ? "converse-stream" : "converse"}`;
}
