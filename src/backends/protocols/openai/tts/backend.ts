import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { opened, openedStream } from "../../../../async/opened-stream.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { completedSpeech, speechEvents } from "../../../kit/speech/events.ts";
import { withoutSsml } from "../../../kit/speech/without-ssml.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { withAddedMembers } from "../added-members.ts";
import type { OpenAiOptions } from "../options.ts";
import { RefusedMembers } from "../refused-members.ts";
import { type SpeechRequest, speechRequest } from "./request.ts";
import { speechOf } from "./response.ts";
import { speechRules } from "./rules.ts";

/** Every feature that the speech API has a member for. An operator lists the features of one model with `features`. */
export function speechCapabilities({ speech }: OpenAiOptions): OperationCapabilities<"text_to_speech"> {
	const rules = speechRules(speech);
	return {
		transports: ["unary", "server_stream"],
		features: offeredFeatures("text_to_speech", rules),
		rules,
		voices: speech.voices,
	};
}

/**
 * `text_to_speech` over `POST /audio/speech`, whose answer is the audio. Unary and streamed calls send the same request: the upstream
 * sends audio while it generates it.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/createSpeech
 */
export function openAiSpeech(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): TextToSpeechBackend {
	const refused = new RefusedMembers();
	const open = async function* (json: SpeechRequest, sendsFormat: boolean, context: BackendContext): AsyncGenerator<tts.Event, void, void> {
		const { signal, apiKey: secret } = context;
		const { response_format: _, ...withoutFormat } = json;
		const answer = await http.openBytes(
			{
				method: "POST",
				path: "/audio/speech",
				headers: contextHeaders(options, context),
				json: sendsFormat ? json : withoutFormat,
				secret,
				signal,
			},
			"audio/*, application/octet-stream",
		);
		try {
			yield* speechEvents(await speechOf(answer, json.response_format), context);
		} finally {
			answer.discard();
		}
	};
	const stream: TextToSpeechBackend["stream"] = async function* (envelope, context) {
		if (context.signal.aborted) throw abortError(context.signal);
		const json = speechRequest(envelope, config, options);
		const isAdded = envelope.payload.format === undefined;
		const added = {
			model: json.model,
			names: isAdded ? ["response_format"] : [],
			refused,
			ownText: () => JSON.stringify({ ...json, response_format: undefined }),
		};
		yield* openedStream(() => withAddedMembers(added, (sent) => opened(open(json, !isAdded || sent.has("response_format"), context))));
	};
	const backend: TextToSpeechBackend = { unary: (envelope, context) => completedSpeech(stream(envelope, context)), stream };
	return options.speech.ssml === "text" ? withoutSsml(backend) : backend;
}
