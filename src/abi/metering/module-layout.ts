import { ByteReader, malformed } from "../binary/byte-reader.ts";
import { type IndexSpaces, readIndex, skipValueType } from "./index-spaces.ts";

/** Identifiers of sections. */
export const SECTION = {
	custom: 0,
	type: 1,
	import: 2,
	function: 3,
	table: 4,
	memory: 5,
	global: 6,
	export: 7,
	start: 8,
	element: 9,
	code: 10,
	data: 11,
	dataCount: 12,
	tag: 13,
} as const;

/** Identifiers in the order of the sections in a module. */
export const SECTION_ORDER: readonly number[] = [
	SECTION.type,
	SECTION.import,
	SECTION.function,
	SECTION.table,
	SECTION.memory,
	SECTION.tag,
	SECTION.global,
	SECTION.export,
	SECTION.start,
	SECTION.element,
	SECTION.dataCount,
	SECTION.code,
	SECTION.data,
];

/** Module that the added functions are imported from, and name of the exported counter. A guest may not use the name. */
export const METER_NAME = "__spear_meter";

/** Most types, functions, imports, exports and globals of a module in V8, with those that the metering adds. */
const MAX_ITEMS = 1_000_000;
const ROOM = 8;

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const utf8 = new TextDecoder("utf-8", { fatal: true });
const METER_NAME_BYTES = new TextEncoder().encode(METER_NAME);

/** The sections of a module, and the sizes of its index spaces. */
export interface ModuleLayout {
	/** Contents of the sections, by identifier. Custom sections are left out. */
	readonly sections: ReadonlyMap<number, ByteReader>;
	/** Content of the custom section `name`, behind its name. */
	readonly names: ByteReader | undefined;
	readonly spaces: IndexSpaces;
	/** Functions that the module defines. */
	readonly definedFunctions: number;
}

/** Reads a module up to its code. Checks every index that the metering moves or adds to. */
export function readLayout(bytes: Uint8Array): ModuleLayout {
	const { sections, names } = readSections(bytes);
	const types = readTypes(sections.get(SECTION.type));
	const imported = readImports(sections.get(SECTION.import), types);
	const definedFunctions = readVector(sections.get(SECTION.function), (reader) => readIndex(reader, types, "type"));
	readVector(sections.get(SECTION.table), (reader) => skipTable(reader, types));
	readVector(sections.get(SECTION.memory), skipLimits);
	readVector(sections.get(SECTION.tag), (reader) => skipTag(reader, types));
	const globals = imported.globals + peekCount(sections.get(SECTION.global));
	const functions = imported.functions + definedFunctions;
	for (const [count, what] of [
		[types, "types"],
		[functions, "functions"],
		[globals, "globals"],
		[imported.all, "imports"],
		[peekCount(sections.get(SECTION.export)), "exports"],
	] as const) {
		if (count > MAX_ITEMS - ROOM) throw malformed(`it has ${count} ${what}, and a metered module may have ${MAX_ITEMS - ROOM}`);
	}
	return { sections, names, definedFunctions, spaces: { types, functions, importedFunctions: imported.functions, globals } };
}

/** Returns a reader of the same bytes at the same position. */
export function fork(reader: ByteReader): ByteReader {
	return new ByteReader(reader.bytes, reader.position, reader.end);
}

/** Reads a vector that fills a section. Returns its length. */
export function readVector(section: ByteReader | undefined, read: (reader: ByteReader) => void): number {
	if (section === undefined) return 0;
	const reader = fork(section);
	const count = reader.u32();
	for (let each = 0; each < count; each++) read(reader);
	assertDone(reader);
	return count;
}

/** @throws SpearError `invalid_request` for bytes behind the content of a section. */
export function assertDone(reader: ByteReader): void {
	if (!reader.done) throw malformed(`a section of a core module has bytes behind its content, at byte ${reader.position}`);
}

/** Skips a name. Returns true if it is the reserved one. */
export function skipName(reader: ByteReader): boolean {
	const length = reader.u32();
	const { bytes, position } = reader;
	reader.skip(length);
	return length === METER_NAME_BYTES.length && METER_NAME_BYTES.every((byte, index) => bytes[position + index] === byte);
}

export function reserved(what: string): Error {
	return malformed(`it ${what} the name ${METER_NAME}, which is reserved for the host`);
}

function readSections(bytes: Uint8Array): Pick<ModuleLayout, "sections" | "names"> {
	if (PREAMBLE.some((byte, index) => bytes[index] !== byte))
		throw malformed("one of its parts is not a core WebAssembly module, version 1");
	const reader = new ByteReader(bytes, PREAMBLE.length);
	const sections = new Map<number, ByteReader>();
	let names: ByteReader | undefined;
	let last = -1;
	while (!reader.done) {
		const id = reader.u8();
		const body = reader.window(reader.u32());
		if (id === SECTION.custom) {
			const isNames = customName(body) === "name";
			if (isNames && names === undefined) names = body;
			continue;
		}
		const place = SECTION_ORDER.indexOf(id);
		if (place === -1) throw malformed(`a core module has a section of unknown kind ${id}`);
		if (place <= last) throw malformed(`a core module has section ${id} twice or out of order`);
		last = place;
		sections.set(id, body);
	}
	return { sections, names };
}

function customName(section: ByteReader): string {
	const name = section.window(section.u32());
	try {
		return utf8.decode(name.rest());
	} catch (cause) {
		throw malformed(`the name of a custom section at byte ${name.position} is not UTF-8`, cause);
	}
}

function peekCount(section: ByteReader | undefined): number {
	return section === undefined ? 0 : fork(section).u32();
}

function readTypes(section: ByteReader | undefined): number {
	let count = 0;
	return readVector(section, (reader) => {
		if (reader.u8() !== 0x60) throw malformed("it uses garbage-collected WebAssembly types, whose memory this host cannot limit");
		count += 1;
		for (const _ of ["parameters", "results"]) reader.vector(() => skipValueType(reader, count));
	});
}

function readImports(section: ByteReader | undefined, types: number): { functions: number; globals: number; all: number } {
	let functions = 0;
	let globals = 0;
	const all = readVector(section, (reader) => {
		if (skipName(reader)) throw reserved("imports from");
		// The counter of another core module.
		if (skipName(reader)) throw reserved("imports");
		const kind = reader.u8();
		if (kind === 0) {
			readIndex(reader, types, "type");
			functions += 1;
		} else if (kind === 1) skipTableType(reader, types);
		else if (kind === 2) skipLimits(reader);
		else if (kind === 3) {
			skipValueType(reader, types);
			reader.u8();
			globals += 1;
		} else if (kind === 4) skipTag(reader, types);
		else throw malformed(`a core import of unknown kind ${kind}`);
	});
	return { functions, globals, all };
}

function skipTable(reader: ByteReader, types: number): void {
	if (reader.bytes[reader.position] === 0x40) throw malformed("it uses a table with an initial value, which this host does not accept");
	skipTableType(reader, types);
}

function skipTableType(reader: ByteReader, types: number): void {
	skipValueType(reader, types);
	skipLimits(reader);
}

function skipLimits(reader: ByteReader): void {
	const flags = reader.u8();
	if (flags > 3) throw malformed("it uses a 64-bit memory or table; build it for plain 32-bit memory");
	reader.u32();
	if (flags & 1) reader.u32();
}

function skipTag(reader: ByteReader, types: number): void {
	reader.u8();
	readIndex(reader, types, "type");
}
