import { ByteReader, malformed } from "./byte-reader.ts";

/** Bytes of a page of linear memory. */
export const PAGE_BYTES = 65_536;

/** Allocations of a core module: its own memories and tables, not the imported ones. */
export interface CoreModuleNeeds {
	/** Start size of each memory, in pages. */
	readonly memories: readonly number[];
	/** Start size of each table, in entries. */
	readonly tables: readonly number[];
}

/** Caps for the memories and tables of a module. */
export interface CoreModuleCaps {
	readonly maxPages: number;
	readonly maxTableEntries: number;
}

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, import: 2, table: 4, memory: 5, export: 7 } as const;

/**
 * Reads a core module's names and sizes.
 *
 * @throws SpearError `invalid_request` for memory that this host cannot bound: 64-bit and shared memories, and garbage-collected types,
 * which live in the host's heap.
 */
export function inspectCoreModule(bytes: Uint8Array): CoreModuleNeeds {
	const memories: number[] = [];
	const tables: number[] = [];
	for (const { id, body } of sections(bytes)) {
		if (id === SECTION.type) checkTypes(body);
		else if (id === SECTION.import) body.vector(() => readImport(body));
		else if (id === SECTION.export)
			body.vector(() => {
				body.name();
				body.u8();
				body.u32();
			});
		else if (id === SECTION.memory) body.vector(() => memories.push(readLimits(body).min));
		else if (id === SECTION.table) body.vector(() => tables.push(readTable(body).min));
	}
	return { memories, tables };
}

/**
 * Returns the module with the maximum of each of its memories and tables set to the cap, where it was higher or absent.
 *
 * A growth beyond the cap fails inside the guest as a failed allocation: QuickJS throws a catchable out-of-memory.
 */
export function capCoreModule(bytes: Uint8Array, caps: CoreModuleCaps): Uint8Array {
	const parts: Uint8Array[] = [Uint8Array.from(PREAMBLE)];
	for (const { id, body, raw } of sections(bytes)) {
		if (id === SECTION.memory) parts.push(rewrite(id, body, caps.maxPages, "pages of memory", false));
		else if (id === SECTION.table) parts.push(rewrite(id, body, caps.maxTableEntries, "table entries", true));
		else parts.push(raw);
	}
	return concat(parts);
}

interface Section {
	readonly id: number;
	readonly body: ByteReader;
	/** The whole section, with its header. */
	readonly raw: Uint8Array;
}

function* sections(bytes: Uint8Array): Generator<Section> {
	if (PREAMBLE.some((byte, index) => bytes[index] !== byte))
		throw malformed("one of its parts is not a core WebAssembly module, version 1");
	const reader = new ByteReader(bytes, PREAMBLE.length);
	while (!reader.done) {
		const start = reader.position;
		const id = reader.u8();
		const body = reader.window(reader.u32());
		yield { id, body, raw: bytes.subarray(start, reader.position) };
	}
}

function checkTypes(body: ByteReader): void {
	body.vector(() => {
		if (body.u8() !== 0x60) throw malformed("it uses garbage-collected WebAssembly types, whose memory this host cannot limit");
		body.vector(() => skipValueType(body));
		body.vector(() => skipValueType(body));
	});
}

function skipValueType(body: ByteReader): void {
	const type = body.u8();
	if (type === 0x63 || type === 0x64) body.skipLeb();
}

function readImport(body: ByteReader): void {
	body.name();
	body.name();
	const kind = body.u8();
	if (kind === 0) body.u32();
	else if (kind === 1) readTable(body);
	else if (kind === 2) readLimits(body);
	else if (kind === 3) {
		skipValueType(body);
		body.u8();
	} else if (kind === 4) {
		body.u8();
		body.u32();
	} else throw malformed(`a core import of unknown kind ${kind}`);
}

interface Limits {
	readonly min: number;
	readonly max: number | undefined;
}

function readLimits(body: ByteReader): Limits {
	const flags = body.u8();
	if (flags > 1) throw malformed("it uses a shared or 64-bit memory or table; build it for plain 32-bit memory");
	const min = body.u32();
	return { min, max: flags === 1 ? body.u32() : undefined };
}

function readTable(body: ByteReader): Limits & { readonly type: Uint8Array } {
	const start = body.position;
	if (body.bytes[start] === 0x40) throw malformed("it uses a table with an initial value, which this host does not accept");
	skipValueType(body);
	const type = body.bytes.subarray(start, body.position);
	return { type, ...readLimits(body) };
}

function rewrite(id: number, body: ByteReader, cap: number, unit: string, table: boolean): Uint8Array {
	const entries: Uint8Array[] = [];
	body.vector(() => {
		const type = table ? readTable(body) : { type: new Uint8Array(0), ...readLimits(body) };
		if (type.min > cap) throw malformed(`it needs ${type.min} ${unit} to start, and the host's limit is ${cap}; raise maxMemoryBytes`);
		entries.push(type.type, Uint8Array.from([1, ...leb(type.min), ...leb(Math.min(type.max ?? cap, cap))]));
	});
	const content = concat([Uint8Array.from(leb(entries.length / 2)), ...entries]);
	return concat([Uint8Array.from([id, ...leb(content.length)]), content]);
}

function leb(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	do {
		const low = rest % 128;
		rest = Math.floor(rest / 128);
		bytes.push(rest > 0 ? low + 128 : low);
	} while (rest > 0);
	return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let offset = 0;
	for (const part of parts) {
		out.set(part, offset);
		offset += part.length;
	}
	return out;
}
