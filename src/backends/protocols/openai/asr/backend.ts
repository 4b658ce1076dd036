import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { SpeechToTextBackend } from "../../../../../generated/backends/speech-to-text.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { opened, openedStream } from "../../../../async/opened-stream.ts";
import { abortError, cancelledError, SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { HttpRequest } from "../../../../transport/http/options.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { contextHeaders } from "../../../kit/auth.ts";
import { withAddedMembers } from "../added-members.ts";
import { keepUsage } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { RefusedMembers } from "../refused-members.ts";
import { recordingPart } from "./file.ts";
import { type TranscriptRequest, transcriptRequest } from "./request.ts";
import { parseTranscript } from "./response.ts";
import { TRANSCRIPT_RULES } from "./rules.ts";
import { STREAM_END, transcriptEvents } from "./stream.ts";

/** Every feature that the transcription API has a member for. An operator lists the features of one model with `features`. */
export const TRANSCRIPT_CAPABILITIES = capabilitiesOf("speech_to_text", ["unary", "server_stream"], TRANSCRIPT_RULES);

/** `speech_to_text` over `POST /audio/transcriptions` and `/audio/translations`. Recordings are uploaded while they are read. */
export function openAiTranscripts(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): SpeechToTextBackend {
	/** Returns the upstream request. The recording is open until `ended` is aborted. */
	const post = async (
		envelope: RequestEnvelope<"speech_to_text">,
		{ path, fields }: TranscriptRequest,
		context: BackendContext,
		ended: AbortSignal,
	): Promise<HttpRequest> => {
		const { media, signal, apiKey: secret } = context;
		const recording = await media.open(envelope.payload.audio, AbortSignal.any([signal, ended]));
		return {
			method: "POST",
			path,
			headers: contextHeaders(options, context),
			multipart: [...fields, recordingPart(recording)],
			secret,
			signal,
		};
	};
	const refused = new RefusedMembers();
	/** Sends a request, again if the upstream refuses a field that the host added. Each upstream request opens the recording. */
	const send = <T>(
		envelope: RequestEnvelope<"speech_to_text">,
		request: TranscriptRequest,
		context: BackendContext,
		open: (upstreamRequest: HttpRequest) => AsyncIterable<T>,
	): AsyncIterable<T, void> => {
		const { model, added: names, fields } = request;
		const ownText = (): string => fields.map(({ name, value }) => (names.includes(name) ? "" : value)).join("\n");
		const attempt = async function* (sent: ReadonlySet<string>): AsyncGenerator<T, void, void> {
			const ended = new AbortController();
			try {
				const kept = fields.filter(({ name }) => !names.includes(name) || sent.has(name));
				yield* open(await post(envelope, { ...request, fields: kept }, context, ended.signal));
			} finally {
				ended.abort(NOT_NEEDED);
			}
		};
		return openedStream(() => withAddedMembers({ model, names, refused, ownText }, (sent) => opened(attempt(sent))));
	};
	return {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = transcriptRequest(envelope, config, options, false);
			const answers = send(envelope, request, context, async function* (upstreamRequest) {
				const answer = await http.requestJson(upstreamRequest);
				yield await keepUsage(answer.value, () => parseTranscript(answer, request.expected));
			});
			for await (const answer of answers) return answer;
			throw new SpearError("internal", "the transcript ended without an answer");
		},
		async *stream(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const request = transcriptRequest(envelope, config, options, true);
			yield* send(envelope, request, context, (upstreamRequest) =>
				transcriptEvents(http.openStream(upstreamRequest, STREAM_END, { orJson: true, bodyEnds: true }), request.expected),
			);
		},
	};
}

/** Closes a recording that was not read to its end. */
const NOT_NEEDED = cancelledError("the recording is no longer needed");
