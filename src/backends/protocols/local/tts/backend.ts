import type { BackendContext } from "../../../../../generated/backends/backend.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import type * as tts from "../../../../../generated/ir/tts.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../../formats/wav-header.ts";
import type { OperationCapabilities } from "../../../backend.ts";
import { completedSpeech, SPEECH_TYPES, speechEvents } from "../../../kit/speech/events.ts";
import { withoutSsml } from "../../../kit/speech/without-ssml.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import type { LocalContext, LocalOperation } from "../operation.ts";
import { operationQueue } from "../operation-queue.ts";
import { checkModel } from "../served-model.ts";
import { SAMPLE_RATE } from "./flite-output.ts";
import { type SpeechRequest, speechRequest } from "./request.ts";
import { SPEECH_RULES } from "./rules.ts";
import { type SpeechCaller, SYNTHESIZER_MODEL, type Synthesizer } from "./synthesizer.ts";
import { VOICES } from "./voices.ts";

/** Longest speech of a request, in bytes: 30 minutes. Otherwise a short text of digits at a quarter of the speed would fill the host's memory. */
const MAX_BYTES = 30 * 60 * SAMPLE_RATE * 2;

/** Size of an event, in bytes: one second. */
const CHUNK_BYTES = SAMPLE_RATE * 2;

export const SPEECH_CAPABILITIES: OperationCapabilities<"text_to_speech"> = {
	transports: ["unary", "server_stream"],
	models: [SYNTHESIZER_MODEL],
	features: offeredFeatures("text_to_speech", SPEECH_RULES),
	rules: SPEECH_RULES,
	voices: VOICES,
};

/**
 * `text_to_speech` by the synthesizer flite in a thread. Each sentence is a task, so the first sound needs only the first sentence, and
 * concurrent requests speak in turns.
 */
export function localSpeech({ config, options }: LocalContext, synthesizer: Synthesizer): LocalOperation<"text_to_speech"> {
	const closing = new AbortController();
	const queue = operationQueue(options);

	const spoken = (text: string, { voice, stretch }: SpeechRequest, caller: SpeechCaller): Promise<Uint8Array> =>
		synthesizer.speak({ text, voice, stretch }, caller);

	/** Yields the samples of each sentence. Speaks the next sentence while the consumer takes the one before. */
	async function* samplesOf(request: SpeechRequest, { signal, guest }: SpeechCaller): AsyncGenerator<Uint8Array, void, void> {
		const left = new AbortController();
		const either = { signal: AbortSignal.any([signal, left.signal]), guest };
		let bytes = 0;
		let next: Promise<Uint8Array> | undefined;
		try {
			for (const [index, sentence] of request.sentences.entries()) {
				const samples = await (next ?? spoken(sentence, request, either));
				const following = request.sentences[index + 1];
				next = following === undefined ? undefined : spoken(following, request, either);
				// The loop awaits it, unless the consumer leaves before.
				next?.catch(() => {});
				bytes += samples.byteLength;
				if (bytes > MAX_BYTES)
					throw new SpearError("invalid_request", "input: the speech is longer than 30 minutes; send the text in parts");
				yield samples;
			}
		} finally {
			left.abort();
		}
	}

	async function* speak(
		envelope: RequestEnvelope<"text_to_speech">,
		isWhole: boolean,
		backend: BackendContext,
	): AsyncGenerator<tts.Event, void, void> {
		const signal = AbortSignal.any([backend.signal, closing.signal]);
		if (signal.aborted) throw abortError(signal);
		checkModel(config, "text_to_speech", envelope.payload.model, SYNTHESIZER_MODEL);
		const request = speechRequest(envelope);
		const leave = await queue.enter(signal, backend.guest);
		try {
			const samples = samplesOf(request, { signal, guest: backend.guest });
			const chunks = chunksOf(isWhole ? await Array.fromAsync(samples) : samples, request.format);
			const pcmRate = request.format === "pcm" ? SAMPLE_RATE : undefined;
			const { downgrades } = request;
			yield* speechEvents({ chunks, mimeType: SPEECH_TYPES[request.format], pcmRate, downgrades }, { ...backend, signal });
		} finally {
			leave();
		}
	}

	return {
		backend: withoutSsml({
			unary: (envelope, backend) => completedSpeech(speak(envelope, true, backend)),
			stream: (envelope, backend) => speak(envelope, false, backend),
		}),
		check: () => synthesizer.check(),
		async close(reason) {
			closing.abort(reason);
			await synthesizer.close(reason);
		},
	};
}

/** Yields samples in chunks, for WAV behind a header. The header states the length of the samples if all of them are there. */
async function* chunksOf(
	samples: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
	format: SpeechRequest["format"],
): AsyncGenerator<Uint8Array, void, void> {
	const length = Array.isArray(samples) ? samples.reduce((sum, { byteLength }) => sum + byteLength, 0) : UNKNOWN_LENGTH;
	let isFirst = format === "wav";
	for await (const sentence of samples) {
		// A failure before the first sound leaves the stream without an event, so that the router may choose another backend.
		if (isFirst) yield wavHeader(length, SAMPLE_RATE);
		isFirst = false;
		for (let from = 0; from < sentence.length; from += CHUNK_BYTES) yield sentence.subarray(from, from + CHUNK_BYTES);
	}
}
