import { muLawCode } from "../../src/formats/g711.ts";
import { Resampler } from "../../src/formats/resampler.ts";

/** A form of the same speech. */
export interface Variant {
	readonly name: string;
	/** Returns the recording as a WAV file. `seed` makes the noise of each recording its own, and the same in each run. */
	recording(samples: Float32Array, rate: number, seed: number): Uint8Array;
}

export const VARIANTS: readonly Variant[] = [
	{ name: "clean, 16 kHz, 16 bit", recording: (samples, rate) => wav({ rate, channels: [samples] }) },
	{ name: "44.1 kHz, 24 bit", recording: (samples, rate) => wav({ rate: 44_100, channels: [resampled(samples, rate, 44_100)], bits: 24 }) },
	{
		name: "48 kHz, stereo, 32-bit float",
		recording(samples, rate) {
			const left = resampled(samples, rate, 48_000);
			return wav({ rate: 48_000, channels: [left, left.map((sample) => sample / 4)], tag: 3, bits: 32 });
		},
	},
	{ name: "8 kHz, 16 bit", recording: (samples, rate) => wav({ rate: 8000, channels: [resampled(samples, rate, 8000)] }) },
	{ name: "8 kHz, µ-law", recording: (samples, rate) => wav({ rate: 8000, channels: [resampled(samples, rate, 8000)], tag: 7, bits: 8 }) },
	{ name: "white noise, 20 dB below the speech", recording: (samples, rate, seed) => wav({ rate, channels: [noisy(samples, 20, seed)] }) },
	{ name: "white noise, 10 dB below the speech", recording: (samples, rate, seed) => wav({ rate, channels: [noisy(samples, 10, seed)] }) },
];

function resampled(samples: Float32Array, from: number, to: number): Float32Array {
	const resampler = new Resampler(from, to);
	return Float32Array.from([...resampler.add(samples), ...resampler.end()]);
}

/** Adds white noise. `decibels` is the ratio of the mean powers of speech and noise. */
function noisy(samples: Float32Array, decibels: number, seed: number): Float32Array {
	const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
	const amplitude = Math.sqrt(power / 10 ** (decibels / 10));
	const random = generator(seed);
	return samples.map((sample) => sample + amplitude * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Returns numbers from 0 to 1 that depend on the seed alone: the generator mulberry32. */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

interface Wav {
	readonly rate: number;
	readonly channels: readonly Float32Array[];
	/** Format tag. The default is 1, integers. */
	readonly tag?: number;
	/** Bits of a sample. The default is 16. */
	readonly bits?: number;
}

function wav({ rate, channels, tag = 1, bits = 16 }: Wav): Uint8Array {
	const [first = new Float32Array()] = channels;
	const width = bits / 8;
	const frame = width * channels.length;
	const bytes = Buffer.alloc(44 + frame * first.length);
	bytes.write("RIFF", 0, "latin1");
	bytes.writeUInt32LE(bytes.length - 8, 4);
	bytes.write("WAVEfmt ", 8, "latin1");
	bytes.writeUInt32LE(16, 16);
	bytes.writeUInt16LE(tag, 20);
	bytes.writeUInt16LE(channels.length, 22);
	bytes.writeUInt32LE(rate, 24);
	bytes.writeUInt32LE(rate * frame, 28);
	bytes.writeUInt16LE(frame, 32);
	bytes.writeUInt16LE(bits, 34);
	bytes.write("data", 36, "latin1");
	bytes.writeUInt32LE(frame * first.length, 40);
	let at = 44;
	for (let index = 0; index < first.length; index++) {
		for (const channel of channels) {
			const sample = Math.max(-1, Math.min(1 - 2 ** (1 - bits), channel[index] ?? 0));
			if (tag === 3) bytes.writeFloatLE(sample, at);
			else if (tag === 7) bytes.writeUInt8(muLawCode(Math.round(sample * 0x7fff)), at);
			else bytes.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, width);
			at += width;
		}
	}
	return bytes;
}
