/** Returns samples as 16-bit integers in little-endian order. Samples beyond full scale, -1 to 1, are cut off. */
export function pcm16Of(samples: Float32Array): Uint8Array {
	const bytes = Buffer.alloc(2 * samples.length);
	for (let index = 0; index < samples.length; index++) bytes.writeInt16LE(int16Of(samples[index] ?? 0), 2 * index);
	return bytes;
}

/** Returns a sample as a 16-bit integer. A sample beyond full scale, -1 to 1, is cut off. */
export function int16Of(sample: number): number {
	return Math.max(-0x8000, Math.min(0x7fff, Math.round(sample * 0x8000)));
}
