import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { SpeechToTextBackend } from "../../../../generated/backends/speech-to-text.ts";
import type * as asr from "../../../../generated/ir/asr.ts";
import { demandedFeatures } from "../../../../generated/ir/operations.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import { WavMeter } from "../../../formats/wav.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import { offeredFeatures } from "../../offered-features.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { refuseUnsupported } from "./refuse-unsupported.ts";
import { TRANSCRIPT_RULES } from "./rules.ts";
import { words } from "./words.ts";

/** The stub reads the recording and states its size, without recognizing speech. */
export const TRANSCRIPT_CAPABILITIES: OperationCapabilities<"speech_to_text"> = {
	transports: ["unary", "server_stream"],
	models: ["stub-transcribe"],
	features: offeredFeatures("speech_to_text", TRANSCRIPT_RULES),
	rules: TRANSCRIPT_RULES,
};

/** `speech_to_text` without a model. Unary and streamed answers take `delay_ms` per word. */
export function stubTranscripts(options: StubOptions, closing: AbortSignal): SpeechToTextBackend {
	async function* stream(payload: asr.Request, context: BackendContext): AsyncGenerator<asr.Event, void, void> {
		const signal = AbortSignal.any([context.signal, closing]);
		if (signal.aborted) throw abortError(signal);
		const { audio, model, task, language, prompt, temperature, timestamps, diarize, ...rest } = payload;
		assertNoFieldsLeft(rest);
		refuseUnsupported(demandedFeatures.speech_to_text(payload), TRANSCRIPT_CAPABILITIES);
		const response = await measure(payload, { ...context, signal });
		for (const text of words(response.text)) {
			await pause(options.delayMs, signal);
			yield { type: "text", text };
		}
		yield { type: "completed", completed: response };
	}
	return {
		async unary(envelope, context) {
			for await (const event of stream(envelope.payload, context)) if (event.type === "completed") return event.completed;
			throw new SpearError("internal", "the stub returned no transcript");
		},
		stream: (envelope, context) => stream(envelope.payload, context),
	};
}

/** Returns a transcript that states the recording's size and type, and the duration of a WAV file. */
async function measure({ audio }: asr.Request, { media, signal }: BackendContext): Promise<asr.Response> {
	const recording = await media.open(audio, signal);
	const wav = new WavMeter();
	let bytes = 0;
	for await (const chunk of recording.stream()) {
		if (signal.aborted) throw abortError(signal);
		bytes += chunk.byteLength;
		wav.add(chunk);
	}
	const duration = wav.facts()?.seconds;
	const length = duration === undefined ? "" : `, ${duration.toFixed(1)} seconds`;
	return {
		text: `stub transcript of ${bytes} bytes of ${recording.mimeType}${length}`,
		...(duration === undefined ? {} : { duration }),
		segments: [],
		words: [],
	};
}
