/** Parts of the WebAssembly binary format, for components that no assembler writes. */

const COMPONENT = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
const MODULE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Returns an unsigned LEB128 number. */
export function leb(value: number): number[] {
	return value < 128 ? [value] : [(value % 128) + 128, ...leb(Math.floor(value / 128))];
}

/** Returns a vector of `size` equal items. */
export function vector(size: number, item: readonly number[]): Buffer {
	return Buffer.concat([Buffer.from(leb(size)), Buffer.alloc(size * item.length, Buffer.from(item))]);
}

/** Returns a vector of items. */
export function vectorOf(items: readonly (readonly number[])[]): Buffer {
	return Buffer.concat([Buffer.from(leb(items.length)), ...items.map((item) => Buffer.from(item))]);
}

/** Returns a name with its length. */
export function text(name: string): number[] {
	return [...leb(Buffer.byteLength(name)), ...Buffer.from(name)];
}

/** Returns a section of a component or a module. */
export function section(id: number, body: Iterable<number> & ArrayLike<number>): Buffer {
	return Buffer.concat([Buffer.from([id, ...leb(body.length)]), Buffer.from(body)]);
}

/** Returns a component of some sections. */
export function component(...sections: Uint8Array[]): Buffer {
	return Buffer.concat([Buffer.from(COMPONENT), ...sections]);
}

/** Returns a core module of some sections. */
export function coreModule(...sections: Uint8Array[]): Buffer {
	return Buffer.concat([Buffer.from(MODULE), ...sections]);
}
