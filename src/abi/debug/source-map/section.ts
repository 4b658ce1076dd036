import { ByteReader } from "../../binary/byte-reader.ts";

/**
 * The custom section of a component with the source map of the guest's script: JSON of version 3, without source text. The section travels
 * with the component into every registry, cache and prepared agent, and costs about 0.5 % of the component's size. Tools that strip custom
 * sections remove it. WebAssembly's own section `sourceMappingURL` names a map of the WebAssembly code, which is the engine's here.
 */
export const SOURCE_MAP_SECTION = "spear:source-map";

/** Largest source map, in bytes. A larger one is neither written nor read: a hostile map of this size costs about 50 ms once for each component. */
export const MAX_SOURCE_MAP_BYTES = 1024 * 1024;

const PREAMBLE_BYTES = 8;

/** Returns the component with a source map at its end. */
export function withSourceMap(component: Uint8Array, map: string): Uint8Array {
	const name = Buffer.from(SOURCE_MAP_SECTION);
	const text = Buffer.from(map);
	const body = Buffer.concat([leb(name.length), name, text]);
	return Buffer.concat([component, Buffer.of(0), leb(body.length), body]);
}

/** Returns the text of the source map in a component; `undefined` if it has none, or one that is too large. Parses no other section. */
export function sourceMapOf(component: Uint8Array): string | undefined {
	try {
		const reader = new ByteReader(component, PREAMBLE_BYTES);
		while (!reader.done) {
			const id = reader.u8();
			const body = reader.window(reader.u32());
			if (id !== 0 || Buffer.from(nameOf(body)).toString("latin1") !== SOURCE_MAP_SECTION) continue;
			const map = body.rest();
			return map.length > MAX_SOURCE_MAP_BYTES ? undefined : new TextDecoder().decode(map);
		}
	} catch {
		// Whoever loads the component refuses it with a message of its own.
	}
	return undefined;
}

function nameOf(body: ByteReader): Uint8Array {
	return body.window(body.u32()).rest();
}

function leb(value: number): Buffer {
	const bytes: number[] = [];
	let rest = value;
	do {
		const low = rest & 0x7f;
		rest >>>= 7;
		bytes.push(rest === 0 ? low : low | 0x80);
	} while (rest !== 0);
	return Buffer.from(bytes);
}
