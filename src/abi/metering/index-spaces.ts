import { type ByteReader, malformed } from "../binary/byte-reader.ts";

/**
 * Sizes of a module's index spaces.
 *
 * Every index is checked against them. Otherwise an index one past the end, which makes the original module invalid, would reach a type,
 * a function or the counter that the metering appends.
 */
export interface IndexSpaces {
	readonly types: number;
	readonly functions: number;
	/** Functions that the module imports. Their indices come first. */
	readonly importedFunctions: number;
	readonly globals: number;
}

/** Reads an index and checks it. `what` names the index space, for the message. */
export function readIndex(reader: ByteReader, size: number, what: string): number {
	const index = reader.u32();
	if (index >= size) throw malformed(`the ${what} ${index} before byte ${reader.position} does not exist`);
	return index;
}

/** Skips a heap type: a negative code, or the index of a type. */
export function skipHeapType(reader: ByteReader, types: number): void {
	const code = signed33(reader);
	if (code >= types) throw malformed(`the type ${code} before byte ${reader.position} does not exist`);
}

/** Skips a value type. A reference type may hold the index of a type. */
export function skipValueType(reader: ByteReader, types: number): void {
	const code = reader.u8();
	if (code === 0x63 || code === 0x64) skipHeapType(reader, types);
}

/** Skips a block type: empty, a value type, or the index of a type. */
export function skipBlockType(reader: ByteReader, types: number): void {
	const code = reader.bytes[reader.position];
	if (code === 0x40 && reader.position < reader.end) reader.position += 1;
	else if (code === 0x63 || code === 0x64) skipValueType(reader, types);
	else skipHeapType(reader, types);
}

/** Reads a signed LEB128 number of 33 bits, in which types and codes of types share one number. */
function signed33(reader: ByteReader): number {
	let value = 0;
	for (let shift = 0; shift < 35; shift += 7) {
		const byte = reader.u8();
		value += (byte & 0x7f) * 2 ** shift;
		if ((byte & 0x80) === 0) return byte & 0x40 ? value - 2 ** (shift + 7) : value;
	}
	throw malformed(`a type before byte ${reader.position} is longer than 33 bits`);
}
