import { int16Of } from "../../../formats/pcm16.ts";
import { Resampler } from "../../../formats/resampler.ts";

/** Form of 16-bit sound. */
export interface SoundForm {
	/** Samples a second and channel, in Hz. */
	readonly sampleRateHz: number;
	readonly channels: number;
}

/**
 * Changes the rate and the channels of 16-bit sound that arrives in parts. If they differ, the channels are mixed, and each channel of the output
 * has the mix.
 */
export class SoundConverter {
	readonly #from: SoundForm;
	readonly #to: SoundForm;
	readonly #resampler: Resampler;
	/** Beginning of the samples at one time, whose rest has not arrived. */
	#rest: Buffer = Buffer.alloc(0);

	constructor(from: SoundForm, to: SoundForm) {
		this.#from = from;
		this.#to = to;
		this.#resampler = new Resampler(from.sampleRateHz, to.sampleRateHz);
	}

	/** Adds sound of the input, and returns sound of the output. */
	add(chunk: Uint8Array): Buffer {
		const bytes = Buffer.concat([this.#rest, chunk]);
		const whole = bytes.byteLength - (bytes.byteLength % (2 * this.#from.channels));
		this.#rest = bytes.subarray(whole);
		const sound = bytes.subarray(0, whole);
		const { from, to } = { from: this.#from, to: this.#to };
		if (from.sampleRateHz === to.sampleRateHz && from.channels === to.channels) return sound;
		return this.#spread(this.#resampler.add(mixed(sound, from.channels)));
	}

	/** Ends the sound, and returns the rest of the output. */
	end(): Buffer {
		return this.#spread(this.#resampler.end());
	}

	#spread(samples: Float32Array): Buffer {
		const { channels } = this.#to;
		const bytes = Buffer.alloc(2 * channels * samples.length);
		let at = 0;
		for (const sample of samples) {
			const value = int16Of(sample);
			for (let channel = 0; channel < channels; channel += 1) at = bytes.writeInt16LE(value, at);
		}
		return bytes;
	}
}

/** Returns the average of the channels. Full scale is -1 to 1. */
function mixed(sound: Buffer, channels: number): Float32Array {
	const samples = new Float32Array(sound.byteLength / (2 * channels));
	let at = 0;
	for (let index = 0; index < samples.length; index += 1) {
		let sum = 0;
		for (let channel = 0; channel < channels; channel += 1, at += 2) sum += sound.readInt16LE(at);
		samples[index] = sum / (channels * 0x8000);
	}
	return samples;
}
