/** A number of four bytes to write into a file. */
export interface LengthFix {
	/** Offset in the file, in bytes. */
	readonly offset: number;
	/** The bytes, in little-endian order. */
	readonly bytes: Uint8Array;
}

/**
 * Returns the lengths to write into a WAV file that was written as a stream and declares none. Some players refuse such a file. Returns
 * nothing for a file with valid lengths, and for one that is not WAV.
 *
 * @param beginning First bytes of the file, up to the samples.
 * @param size Length of the whole file in bytes.
 */
export function wavLengthFixes(beginning: Uint8Array, size: number): LengthFix[] {
	const bytes = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength);
	if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.toString("latin1", 8, 12) !== "WAVE" || size > 0xffff_ffff) return [];
	for (let at = 12; at + 8 <= bytes.length; ) {
		const length = bytes.readUInt32LE(at + 4);
		if (bytes.toString("latin1", at, at + 4) === "data") {
			const present = size - at - 8;
			if (length !== 0 && length <= present) return [];
			return [lengthAt(4, size - 8), lengthAt(at + 4, present)];
		}
		at += 8 + length + (length % 2);
	}
	return [];
}

function lengthAt(offset: number, value: number): LengthFix {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return { offset, bytes };
}
