import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { completedSpeech, speechEvents } from "../../../kit/speech/events.ts";
import { withoutSsml } from "../../../kit/speech/without-ssml.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { type Method, methodPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { openResponses, type Response, responseOf } from "../responses.ts";
import { speechRequest } from "./request.ts";
import { SpokenAnswer } from "./response.ts";
import { speechRules } from "./rules.ts";
import { VOICES } from "./voices.ts";

/** Returns the capabilities of an instance. */
export function speechCapabilities({ speech }: Pick<GeminiOptions, "speech">): OperationCapabilities<"text_to_speech"> {
	const rules = speechRules(speech);
	return { transports: ["unary", "server_stream"], features: offeredFeatures("text_to_speech", rules), rules, voices: VOICES };
}

/**
 * `text_to_speech` over `generateContent` and `streamGenerateContent`.
 *
 * @see https://ai.google.dev/gemini-api/docs/speech-generation
 */
export function geminiSpeech(http: HttpClient, config: InstanceConfig, options: GeminiOptions): TextToSpeechBackend {
	const requestOf = (envelope: RequestEnvelope<"text_to_speech">, context: BackendContext, method: Method): HttpRequest => {
		const { signal, apiKey } = context;
		if (signal.aborted) throw abortError(signal);
		const model = upstreamModel(config, "text_to_speech", envelope.payload.model);
		const json = speechRequest(envelope, options);
		const path = methodPath(options, model, method);
		return { method: "POST", path, headers: contextHeaders(options, context), json, secret: apiKey, signal };
	};
	async function* whole(request: HttpRequest): AsyncGenerator<Response, void, void> {
		const { value, exchange } = await http.requestJson(request);
		yield responseOf(value, exchange);
	}
	async function* events(
		responses: AsyncIterable<Response>,
		{ format = "mp3", isWhole }: { readonly format?: tts.AudioFormat | undefined; readonly isWhole: boolean },
		context: BackendContext,
	): AsyncGenerator<tts.Event, void, void> {
		const answer = new SpokenAnswer(responses);
		try {
			yield* speechEvents(await answer.speech(format, isWhole), context);
		} finally {
			await answer.close();
		}
	}
	return withoutSsml({
		async unary(envelope, context) {
			const responses = whole(requestOf(envelope, context, "generateContent"));
			return completedSpeech(events(responses, { format: envelope.payload.format, isWhole: true }, context));
		},
		async *stream(envelope, context) {
			const responses = openResponses(http, requestOf(envelope, context, "streamGenerateContent?alt=sse"));
			yield* events(responses, { format: envelope.payload.format, isWhole: false }, context);
		},
	});
}
