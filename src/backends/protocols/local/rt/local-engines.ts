import { FrameDecoder } from "../../../../formats/frame-decoder.ts";
import { RECOGNIZER_MODEL, type SpeechEngines } from "../asr/engines.ts";
import { SAMPLE_RATE } from "../tts/flite-output.ts";
import { sentences } from "../tts/sentences.ts";
import { spokenText } from "../tts/spoken-text.ts";
import type { Synthesizer } from "../tts/synthesizer.ts";
import { VOICES } from "../tts/voices.ts";
import type { RealtimeEngines } from "./engines.ts";
import { LiveDetector } from "./live-detector.ts";

/** Form of the speech of the synthesizer. */
const SYNTHESIZED = { encoding: "pcm", sampleRate: SAMPLE_RATE, channels: 1, sampleBytes: 2 } as const;

/**
 * Returns the engines of a realtime session: those of speech recognition and of speech.
 *
 * @param guest Id of the guest that the session is for. Guests take turns. `undefined`: the embedder.
 */
export function localEngines(
	{ segmenter, recognizer }: SpeechEngines,
	synthesizer: Synthesizer,
	guest: string | undefined,
): RealtimeEngines {
	return {
		detection: { open: (settings, signal) => LiveDetector.open(segmenter, settings, { signal, guest }) },
		recognition: {
			model: RECOGNIZER_MODEL,
			hold: (signal) => recognizer.holdLoaded({ signal, guest }),
			recognize(samples, signal) {
				// The copy moves to the thread. The caller may recognize the samples again.
				const copy = new Float32Array(samples);
				return recognizer.run({ samples: copy }, { signal, guest, transfer: [copy.buffer] });
			},
		},
		speaking: {
			voices: VOICES.map(({ id }) => id),
			hold: (signal) => synthesizer.hold({ signal, guest }),
			async *speak(text, voice, signal) {
				for (const sentence of sentences(spokenText(text).text))
					yield new FrameDecoder(SYNTHESIZED).add(await synthesizer.speak({ text: sentence, voice, stretch: 1 }, { signal, guest }));
			},
		},
	};
}
