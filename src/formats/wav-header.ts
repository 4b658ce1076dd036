/** Length of the samples in the header of a file that is written while its samples arrive, in bytes. */
export const UNKNOWN_LENGTH = 0xffff_ffff - 36;

/**
 * Returns the header of a WAV file with 16-bit mono samples.
 *
 * @param dataBytes Length of the samples in bytes, or {@link UNKNOWN_LENGTH}.
 * @param sampleRate Samples per second, in Hz.
 */
export function wavHeader(dataBytes: number, sampleRate: number): Uint8Array {
	const header = Buffer.alloc(44);
	header.write("RIFF", 0, "latin1");
	header.writeUInt32LE(36 + dataBytes, 4);
	header.write("WAVEfmt ", 8, "latin1");
	header.writeUInt32LE(16, 16); // Length of the format chunk.
	header.writeUInt16LE(1, 20); // PCM
	header.writeUInt16LE(1, 22); // Channels
	header.writeUInt32LE(sampleRate, 24);
	header.writeUInt32LE(sampleRate * 2, 28); // Bytes per second
	header.writeUInt16LE(2, 32); // Bytes of one sample of all channels
	header.writeUInt16LE(16, 34); // Bits of a sample
	header.write("data", 36, "latin1");
	header.writeUInt32LE(dataBytes, 40);
	return header;
}
