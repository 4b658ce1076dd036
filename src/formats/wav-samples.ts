import { A_LAW, MU_LAW } from "./g711.ts";
import type { WavEncoding, WavFormat } from "./wav-format.ts";

/** Reads one sample at an offset in bytes. Full scale is -1 to 1. */
type ReadSample = (bytes: DataView, at: number) => number;

const PCM: Readonly<Record<number, ReadSample>> = {
	1: (bytes, at) => (bytes.getUint8(at) - 0x80) / 0x80,
	2: (bytes, at) => bytes.getInt16(at, true) / 0x8000,
	3: (bytes, at) => (bytes.getUint8(at) + bytes.getInt16(at + 1, true) * 0x100) / 0x80_0000,
	4: (bytes, at) => bytes.getInt32(at, true) / 0x8000_0000,
};

const READERS: Readonly<Record<WavEncoding, Readonly<Record<number, ReadSample>>>> = {
	pcm: PCM,
	float: {
		4: (bytes, at) => inScale(bytes.getFloat32(at, true)),
		8: (bytes, at) => inScale(bytes.getFloat64(at, true)),
	},
	"mu-law": { 1: (bytes, at) => (MU_LAW[bytes.getUint8(at)] ?? 0) / 0x8000 },
	"a-law": { 1: (bytes, at) => (A_LAW[bytes.getUint8(at)] ?? 0) / 0x8000 },
};

/** Smallest value that is no silence: one step of 32-bit integers. Computation with the smallest floats takes many times as long. */
const MIN_VALUE = 2 ** -31;

/** Returns a value within full scale, as a player does. A value that is no number is silence. */
function inScale(value: number): number {
	return Math.abs(value) >= MIN_VALUE ? Math.max(-1, Math.min(1, value)) : 0;
}

/** Writes the mean of all channels for `frames` frames into `samples`, from `offset` on. */
export type ReadFrames = (bytes: Uint8Array, frames: number, samples: Float32Array, offset: number) => void;

/** Returns the function that reads samples of a form. */
export function frameReader({ encoding, channels, sampleBytes }: WavFormat): ReadFrames {
	const read = READERS[encoding][sampleBytes];
	if (read === undefined) throw new RangeError(`no reader of ${8 * sampleBytes}-bit ${encoding}`);
	return (bytes, frames, samples, offset) => {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let at = 0;
		for (let frame = 0; frame < frames; frame++) {
			let sum = 0;
			for (let channel = 0; channel < channels; channel++, at += sampleBytes) sum += read(view, at);
			samples[offset + frame] = sum / channels;
		}
	};
}
