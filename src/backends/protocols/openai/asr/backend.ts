import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { SpeechToTextBackend } from "../../../../../generated/backends/speech-to-text.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortError, cancelledError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import type { OpenAiOptions } from "../options.ts";
import { recordingPart } from "./file.ts";
import { TRANSCRIPT_DOWNGRADES, type TranscriptRequest, transcriptRequest } from "./request.ts";
import { parseTranscript } from "./response.ts";
import { TEXT_DONE, transcriptEvents } from "./stream.ts";

/** All that the transcription API has a member for. Which of it a certain model honours, its operator says with `features`. */
export const TRANSCRIPT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	features: ["supports_diarization", "supports_timestamps"],
	downgrades: TRANSCRIPT_DOWNGRADES,
};

/** `speech_to_text` over `POST /audio/transcriptions` and `/audio/translations`. The recording is uploaded while it is read. */
export function openAiTranscripts(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): SpeechToTextBackend {
	/** The upstream request, with the recording opened until `over` is aborted. */
	const post = async (
		envelope: RequestEnvelope<"speech_to_text">,
		{ path, fields }: TranscriptRequest,
		{ media, signal, apiKey: secret }: BackendContext,
		over: AbortSignal,
	): Promise<HttpRequest> => {
		const recording = await media.open(envelope.payload.audio, AbortSignal.any([signal, over]));
		return {
			method: "POST",
			path,
			headers: authHeaders(options, secret),
			multipart: [...fields, recordingPart(recording)],
			secret,
			signal,
		};
	};
	return {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = transcriptRequest(envelope, config, options, false);
			const over = new AbortController();
			try {
				return parseTranscript(await http.requestJson(await post(envelope, request, context, over.signal)), request.expected);
			} finally {
				over.abort(NOT_NEEDED);
			}
		},
		async *stream(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = transcriptRequest(envelope, config, options, true);
			const over = new AbortController();
			try {
				const events = http.openStream(await post(envelope, request, context, over.signal), TEXT_DONE, { orJson: true });
				yield* transcriptEvents(events, request.expected);
			} finally {
				over.abort(NOT_NEEDED);
			}
		},
	};
}

/** Closes a recording that was opened and then not read, or not to its end. */
const NOT_NEEDED = cancelledError("the recording is not needed any more");
