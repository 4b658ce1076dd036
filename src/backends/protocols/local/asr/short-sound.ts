import { MODEL_RATE, WINDOW_SAMPLES } from "./sherpa.ts";

/** Longest sound that is speech although the detector finds none in it, in windows: three seconds. */
const MAX_WINDOWS = (3 * MODEL_RATE) / WINDOW_SAMPLES;

/** Mean power of a window that is no silence: 46 dB below full scale. */
const SOUND_POWER = 0.005 ** 2;

/** Sound without speech, as far as the detector tells. A short one may hold a single short word, which the detector misses. */
export class ShortSound {
	#windows: Float32Array[] | undefined = [];

	/** Adds a window. Keeps none of a longer sound. */
	add(window: Float32Array): void {
		this.#windows?.push(window);
		if ((this.#windows?.length ?? 0) > MAX_WINDOWS) this.drop();
	}

	/** Forgets the sound, because the detector has found speech. */
	drop(): void {
		this.#windows = undefined;
	}

	/** Ends the sound, and returns its samples. `undefined` for a longer sound, for silence, and for sound with speech. */
	end(): Float32Array<ArrayBuffer> | undefined {
		const windows = this.#windows ?? [];
		this.#windows = undefined;
		return windows.some(hasSound) ? joined(windows) : undefined;
	}
}

/** Returns pieces of sound as one. */
export function joined(pieces: readonly Float32Array[]): Float32Array<ArrayBuffer> {
	const samples = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const piece of pieces) {
		samples.set(piece, at);
		at += piece.length;
	}
	return samples;
}

function hasSound(window: Float32Array): boolean {
	return window.reduce((sum, sample) => sum + sample * sample, 0) / window.length > SOUND_POWER;
}
