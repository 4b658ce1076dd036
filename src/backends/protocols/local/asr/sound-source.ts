import { FrameDecoder } from "../../../../formats/frame-decoder.ts";
import { Resampler } from "../../../../formats/resampler.ts";
import type { WavFormat } from "../../../../formats/wav-format.ts";
import { WavReader } from "../../../../formats/wav-reader.ts";
import { MODEL_RATE } from "./sherpa.ts";

/** Form of the bytes of a sound: a WAV file, or samples without a header. */
export type SoundForm = "wav" | WavFormat;

const NO_SAMPLES = new Float32Array(0);

/** Turns the bytes of a sound into mono samples of the models' rate. */
export class SoundSource {
	readonly #decoder: WavReader | FrameDecoder;
	#resampler: Resampler | undefined;
	#rate: number;
	#decoded = 0;

	constructor(form: SoundForm) {
		this.#decoder = form === "wav" ? new WavReader() : new FrameDecoder(form);
		this.#rate = form === "wav" ? 0 : form.sampleRate;
	}

	/** Duration of the sound so far, in seconds. */
	get seconds(): number {
		return this.#rate === 0 ? 0 : this.#decoded / this.#rate;
	}

	/** Adds the next bytes. @throws AudioFormatError for a file that cannot be read. */
	add(bytes: Uint8Array): Float32Array {
		const samples = this.#decoder.add(bytes);
		if (samples.length === 0) return samples;
		this.#decoded += samples.length;
		if (this.#decoder instanceof WavReader) this.#rate = this.#decoder.format?.sampleRate ?? MODEL_RATE;
		this.#resampler ??= new Resampler(this.#rate, MODEL_RATE);
		return this.#resampler.add(samples);
	}

	/** Ends the sound, and returns its last samples. @throws AudioFormatError for a file without samples. */
	end(): Float32Array {
		if (this.#decoder instanceof WavReader) this.#decoder.end();
		return this.#resampler?.end() ?? NO_SAMPLES;
	}
}
