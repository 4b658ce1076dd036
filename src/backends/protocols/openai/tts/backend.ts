import type { TextToSpeechBackend } from "../../../../../generated/backends/text-to-speech.ts";
import { abortError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { completedSpeech, speechEvents } from "../../../kit/speech/events.ts";
import type { OpenAiOptions } from "../options.ts";
import { SPEECH_DOWNGRADES, speechRequest } from "./request.ts";
import { speechOf } from "./response.ts";

/** Every feature that the speech API has a member for. An operator lists the features of one model with `features`. */
export function speechCapabilities({ speech }: OpenAiOptions): OperationCapabilities {
	return {
		transports: ["unary", "server_stream"],
		features: ["supports_speed", "supports_voice_instructions"],
		downgrades: SPEECH_DOWNGRADES,
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
	const stream: TextToSpeechBackend["stream"] = async function* (envelope, context) {
		const { signal, apiKey: secret } = context;
		if (signal.aborted) throw abortError(signal);
		const json = speechRequest(envelope, config, options);
		const request = { method: "POST", path: "/audio/speech", headers: authHeaders(options, secret), json, secret, signal } as const;
		const answer = await http.openBytes(request, "audio/*, application/octet-stream");
		try {
			yield* speechEvents(await speechOf(answer, json.response_format), context);
		} finally {
			answer.discard();
		}
	};
	return { unary: (envelope, context) => completedSpeech(stream(envelope, context)), stream };
}
