import type { SpeechDetector } from "./sherpa.ts";

/** Detector of the library, which both packages have in the same form. */
export interface LibraryDetector {
	acceptWaveform(samples: Float32Array): void;
	/** True within speech. */
	isDetected(): boolean;
	isEmpty(): boolean;
	/** Removes the oldest segment. */
	pop(): void;
	reset(): void;
	/** Absent from the native package, which frees a detector once nothing refers to it. */
	free?(): void;
}

/**
 * Longest speech without a pause, in windows: 30 seconds. The library holds the sound of all of it, so the detector forgets it then. The next
 * windows are judged without their past, which costs the answer of one or two.
 */
const MAX_SPEECH_WINDOWS = 940;

/** Returns a detector by one of the library. */
export function detectorBy(library: LibraryDetector): SpeechDetector {
	let windows = 0;
	return {
		isSpeech(samples) {
			library.acceptWaveform(samples);
			while (!library.isEmpty()) library.pop();
			const isSpeech = library.isDetected();
			windows = isSpeech ? windows + 1 : 0;
			if (windows < MAX_SPEECH_WINDOWS) return isSpeech;
			windows = 0;
			library.reset();
			return isSpeech;
		},
		reset() {
			windows = 0;
			library.reset();
		},
		free: () => library.free?.(),
	};
}
