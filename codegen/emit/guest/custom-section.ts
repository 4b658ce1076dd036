/** Reads one custom section of a core module. The types of a Node program know no `WebAssembly`, and a section is a simple thing. */

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;

/** Contents of the first custom section called `name`, or undefined. */
export function customSection(module: Uint8Array, name: string): Uint8Array | undefined {
	let offset = HEADER_BYTES;
	while (offset < module.length) {
		const id = module[offset];
		const size = readUnsigned(module, offset + 1);
		const end = size.end + size.value;
		if (id === CUSTOM_SECTION) {
			const length = readUnsigned(module, size.end);
			const start = length.end + length.value;
			if (new TextDecoder().decode(module.subarray(length.end, start)) === name) return module.subarray(start, end);
		}
		offset = end;
	}
	return undefined;
}

/** An unsigned LEB128 number, and the offset after it. */
function readUnsigned(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
	let value = 0;
	for (let index = 0; index < 5; index++) {
		const byte = bytes[start + index];
		if (byte === undefined) break;
		value += (byte & 0x7f) * 2 ** (7 * index);
		if (byte < 0x80) return { value, end: start + index + 1 };
	}
	throw new Error(`malformed module: no number at offset ${start}`);
}
