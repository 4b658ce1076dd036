import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type { SpeechToTextBackend } from "../../../../generated/backends/speech-to-text.ts";
import type * as asr from "../../../../generated/ir/asr.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import { WavMeter } from "../../../formats/wav.ts";
import type { OperationCapabilities } from "../../backend.ts";
import { assertNoFieldsLeft } from "../../kit/assert-no-fields-left.ts";
import type { StubOptions } from "./options.ts";
import { pause } from "./pause.ts";
import { words } from "./words.ts";

/** What the stub truly does: it reads the recording and says how much of what there was. It hears nothing. */
export const TRANSCRIPT_CAPABILITIES: OperationCapabilities = {
	transports: ["unary", "server_stream"],
	models: ["stub-transcribe"],
	features: [],
	downgrades: ["task, language, prompt and temperature have no effect: nothing is recognised"],
};

/** `speech_to_text` without a model. Unary or streamed, an answer takes `delay_ms` a word. */
export function stubTranscripts(options: StubOptions, closing: AbortSignal): SpeechToTextBackend {
	async function* stream(payload: asr.Request, context: BackendContext): AsyncGenerator<asr.Event, void, void> {
		const signal = AbortSignal.any([context.signal, closing]);
		if (signal.aborted) throw abortError(signal);
		refuseUnsupported(payload);
		const response = await measured(payload, { ...context, signal });
		for (const text of words(response.text)) {
			await pause(options.delayMs, signal);
			yield { type: "text", text };
		}
		yield { type: "completed", completed: response };
	}
	return {
		async unary(envelope, context) {
			for await (const event of stream(envelope.payload, context)) if (event.type === "completed") return event.completed;
			throw new SpearError("internal", "the stub gave no transcript");
		},
		stream: (envelope, context) => stream(envelope.payload, context),
	};
}

/** What can be said of a recording without hearing it. The length is that of a WAV file's samples; of other files it is not known. */
async function measured({ audio }: asr.Request, { media, signal }: BackendContext): Promise<asr.Response> {
	const recording = await media.open(audio, signal);
	const wav = new WavMeter();
	let bytes = 0;
	for await (const piece of recording.stream()) {
		if (signal.aborted) throw abortError(signal);
		bytes += piece.byteLength;
		wav.add(piece);
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

function refuseUnsupported(payload: asr.Request): void {
	const { audio, model, task, language, prompt, temperature, timestamps = [], diarize, ...rest } = payload;
	assertNoFieldsLeft(rest);
	const missing = [...(timestamps.length > 0 ? ["supports_timestamps"] : []), ...(diarize === true ? ["supports_diarization"] : [])];
	if (missing.length > 0) throw new SpearError("missing_capabilities", `the stub does not offer ${missing.join(", ")}`);
}
