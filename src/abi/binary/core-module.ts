import { ByteReader, malformed } from "./byte-reader.ts";

/** Bytes of a page of linear memory. */
export const PAGE_BYTES = 65_536;

/** Start size of a memory, in pages, or of a table, in entries, and the declared maximum. */
export interface Size {
	readonly min: number;
	readonly max: number | undefined;
	/** True for an allocation that the module does not export, so that the host cannot see its growth. The default is false. */
	readonly isHidden?: boolean;
}

/** Allocations of a core module: its own memories, tables and globals, not the imported ones. */
export interface CoreModuleNeeds {
	readonly memories: readonly Size[];
	readonly tables: readonly Size[];
	/** Number of global variables. */
	readonly globals: number;
}

/** Maximum of each memory, in pages, and of each table, in entries. */
export interface CoreModuleCaps {
	readonly maxPages: readonly number[];
	readonly maxTableEntries: readonly number[];
}

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** Kinds of imports and exports. */
const KIND = { table: 1, memory: 2 } as const;
const SECTION = { type: 1, import: 2, table: 4, memory: 5, global: 6, export: 7 } as const;

/**
 * Reads a core module's names and sizes.
 *
 * @throws SpearError `invalid_request` for memory that this host cannot bound: 64-bit and shared memories, and garbage-collected types,
 * which live in the host's heap.
 */
export function inspectCoreModule(bytes: Uint8Array): CoreModuleNeeds {
	const memories: Size[] = [];
	const tables: Size[] = [];
	let globals = 0;
	/** Numbers of imported items and indices of exported ones, by kind. */
	const imported = [0, 0, 0, 0, 0];
	const exported: readonly Set<number>[] = imported.map(() => new Set());
	for (const { id, body } of sections(bytes)) {
		if (id === SECTION.type) checkTypes(body);
		else if (id === SECTION.import)
			body.vector(() => {
				const kind = readImport(body);
				imported[kind] = (imported[kind] ?? 0) + 1;
			});
		else if (id === SECTION.export)
			body.vector(() => {
				body.text();
				const kind = body.u8();
				exported[kind]?.add(body.u32());
			});
		else if (id === SECTION.memory) body.vector(() => memories.push(readLimits(body)));
		else if (id === SECTION.table) body.vector(() => tables.push(readTable(body).size));
		else if (id === SECTION.global) globals += body.u32();
	}
	const marked = (sizes: readonly Size[], kind: number): Size[] =>
		sizes.map((size, index) => ({ ...size, isHidden: exported[kind]?.has((imported[kind] ?? 0) + index) !== true }));
	return { memories: marked(memories, KIND.memory), tables: marked(tables, KIND.table), globals };
}

/**
 * Returns the module with the maximum of each of its memories and tables set to its cap.
 *
 * A growth beyond the cap fails inside the guest as a failed allocation: QuickJS throws a catchable out-of-memory.
 */
export function capCoreModule(bytes: Uint8Array, caps: CoreModuleCaps): Uint8Array {
	const parts: Uint8Array[] = [Uint8Array.from(PREAMBLE)];
	for (const { id, body, raw } of sections(bytes)) {
		const content = capSection(id, body, caps);
		if (content === undefined) parts.push(raw);
		else parts.push(Uint8Array.from([id, ...leb(content.length)]), content);
	}
	return concat(parts);
}

/** Returns the content of a section of memories or tables with the maxima set to their caps. `undefined` for any other section. */
export function capSection(id: number, body: ByteReader, caps: CoreModuleCaps): Uint8Array | undefined {
	if (id === SECTION.memory) return capped(body, caps.maxPages, readMemory);
	return id === SECTION.table ? capped(body, caps.maxTableEntries, readTable) : undefined;
}

export interface Section {
	readonly id: number;
	readonly body: ByteReader;
	/** The whole section, with its header. */
	readonly raw: Uint8Array;
}

/** Reads the sections of a core module in their order. */
export function* sections(bytes: Uint8Array): Generator<Section> {
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

/** Reads an import, and returns its kind. */
function readImport(body: ByteReader): number {
	body.text();
	body.text();
	const kind = body.u8();
	if (kind === 0) body.u32();
	else if (kind === KIND.table) readTable(body);
	else if (kind === KIND.memory) readLimits(body);
	else if (kind === 3) {
		skipValueType(body);
		body.u8();
	} else if (kind === 4) {
		body.u8();
		body.u32();
	} else throw malformed(`a core import of unknown kind ${kind}`);
	return kind;
}

function readLimits(body: ByteReader): Size {
	const flags = body.u8();
	if (flags > 1) throw malformed("it uses a shared or 64-bit memory or table; build it for plain 32-bit memory");
	const min = body.u32();
	return { min, max: flags === 1 ? body.u32() : undefined };
}

/** A memory or a table. The type of a table is kept as its bytes. */
interface Sized {
	readonly type: Uint8Array;
	readonly size: Size;
}

function readMemory(body: ByteReader): Sized {
	return { type: new Uint8Array(0), size: readLimits(body) };
}

function readTable(body: ByteReader): Sized {
	const start = body.position;
	if (body.bytes[start] === 0x40) throw malformed("it uses a table with an initial value, which this host does not accept");
	skipValueType(body);
	return { type: body.bytes.subarray(start, body.position), size: readLimits(body) };
}

function capped(body: ByteReader, caps: readonly number[], read: (body: ByteReader) => Sized): Uint8Array {
	const entries: Uint8Array[] = [];
	body.vector((index) => {
		const { type, size } = read(body);
		entries.push(type, Uint8Array.from([1, ...leb(size.min), ...leb(caps[index] ?? size.min)]));
	});
	return concat([Uint8Array.from(leb(entries.length / 2)), ...entries]);
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
