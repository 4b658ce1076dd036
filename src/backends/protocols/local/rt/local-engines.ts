import { RECOGNIZER_MODEL, type SpeechEngines } from "../asr/engines.ts";
import { sentences } from "../tts/sentences.ts";
import { spokenText } from "../tts/spoken-text.ts";
import type { Synthesizer } from "../tts/synthesizer.ts";
import { VOICES } from "../tts/voices.ts";
import type { RealtimeEngines } from "./engines.ts";
import { LiveDetector } from "./live-detector.ts";

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
			async hold(signal) {
				const release = recognizer.hold();
				try {
					await recognizer.load({ signal, guest });
					return release;
				} catch (thrown) {
					release();
					throw thrown;
				}
			},
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
					yield samplesOf(await synthesizer.speak({ text: sentence, voice, stretch: 1 }, { signal, guest }));
			},
		},
	};
}

/** Returns 16-bit samples in the scale of the engines. */
function samplesOf(bytes: Uint8Array): Float32Array {
	// A loop: 'from' takes ten times as long, in which the event loop would wait.
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const samples = new Float32Array(bytes.length / 2);
	for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(2 * index, true) / 0x8000;
	return samples;
}
