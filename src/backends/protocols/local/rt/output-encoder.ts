import type * as rt from "../../../../../generated/ir/rt.ts";
import { aLawCode, muLawCode } from "../../../../formats/g711.ts";
import { int16Of, pcm16Of } from "../../../../formats/pcm16.ts";
import { Resampler } from "../../../../formats/resampler.ts";
import { ENGINE_RATE } from "./engines.ts";

/** Form of the bytes of each encoding. */
export const AUDIO_FORMATS: { readonly [F in rt.AudioFormat]: { readonly rate: number; readonly sampleBytes: number } } = {
	pcm16: { rate: 24_000, sampleBytes: 2 },
	g711_ulaw: { rate: 8000, sampleBytes: 1 },
	g711_alaw: { rate: 8000, sampleBytes: 1 },
};

/** Returns the duration of audio, in milliseconds. */
export function audioMs(format: rt.AudioFormat, bytes: number): number {
	const { rate, sampleBytes } = AUDIO_FORMATS[format];
	return Math.floor(bytes / sampleBytes) / (rate / 1000);
}

/** Encodes the samples of an engine as the audio of a session. */
export class OutputEncoder {
	readonly #format: rt.AudioFormat;
	readonly #resampler: Resampler;

	constructor(format: rt.AudioFormat) {
		this.#format = format;
		this.#resampler = new Resampler(ENGINE_RATE, AUDIO_FORMATS[format].rate);
	}

	/** Adds samples, and returns the audio that is complete. */
	add(samples: Float32Array): Uint8Array {
		return this.#encode(this.#resampler.add(samples));
	}

	/** Returns the rest of the audio. */
	end(): Uint8Array {
		return this.#encode(this.#resampler.end());
	}

	#encode(samples: Float32Array): Uint8Array {
		if (this.#format === "pcm16") return pcm16Of(samples);
		const code = this.#format === "g711_ulaw" ? muLawCode : aLawCode;
		const codes = new Uint8Array(samples.length);
		for (const [index, sample] of samples.entries()) codes[index] = code(int16Of(sample));
		return codes;
	}
}
