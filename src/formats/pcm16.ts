/** Returns samples as 16-bit integers in little-endian order. Samples beyond full scale, -1 to 1, are cut off. */
export function pcm16Of(samples: Float32Array): Uint8Array {
	const bytes = Buffer.alloc(2 * samples.length);
	for (let index = 0; index < samples.length; index++) {
		const value = Math.round((samples[index] ?? 0) * 0x8000);
		bytes.writeInt16LE(Math.max(-0x8000, Math.min(0x7fff, value)), 2 * index);
	}
	return bytes;
}
