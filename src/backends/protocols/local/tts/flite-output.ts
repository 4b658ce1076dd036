/** Sample rate of all voices, in Hz. Samples are 16-bit mono. */
export const SAMPLE_RATE = 16_000;

/** Length of the header that flite writes before the samples. */
const HEADER_BYTES = 44;

/**
 * Returns the samples of a file that flite wrote.
 *
 * @throws Error for a file of another form, which another version of the program may write.
 */
export function samplesOf(file: Uint8Array): Uint8Array<ArrayBuffer> {
	const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
	if (file.byteLength < HEADER_BYTES) throw new Error("flite wrote no sound");
	const samples = new Uint8Array(file.subarray(HEADER_BYTES));
	if (samples.length > 0 && (header.getUint32(24, true) !== SAMPLE_RATE || header.getUint32(20, true) !== 0x0001_0001))
		throw new Error("flite wrote a sound of another form than 16,000 Hz mono");
	return samples;
}
