import { type ByteReader, malformed } from "../../binary/byte-reader.ts";

/** Members of an instance type, which an import of that type must offer. */
export interface InstanceMembers {
	/** Functions by their WIT names: `log`, `[method]session.send`, `[static]session.open`. */
	readonly functions: readonly string[];
	/** Resources that the interface defines, by their WIT names. */
	readonly resources: readonly string[];
}

/** Kind of an import or export, as far as this host distinguishes them. */
export type ExternKind = "core-module" | "function" | "value" | "type" | "resource" | "component" | "instance";

export interface Extern {
	readonly kind: ExternKind;
	/** Index of the type. Absent for a new resource type. */
	readonly type: number | undefined;
}

const MAX_DEPTH = 50;

/** Reads a type definition. Returns the members of an instance type, `undefined` for any other. The reader checks the names. */
export function readType(reader: ByteReader, depth = 0): InstanceMembers | undefined {
	if (depth > MAX_DEPTH) throw malformed("its types are nested too deeply");
	const code = reader.u8();
	if (code === 0x42) return readInstanceType(reader, depth);
	if (code === 0x41) {
		reader.vector(() => readDeclaration(reader, depth));
		return undefined;
	}
	if (code === 0x40 || code === 0x43) {
		reader.vector(() => labelled(reader));
		if (reader.u8() === 0) reader.skipLeb();
		else reader.vector(() => labelled(reader));
		return undefined;
	}
	if (code === 0x3f) {
		reader.u8();
		optional(reader, () => reader.u32());
		return undefined;
	}
	readDefinedType(reader, code);
	return undefined;
}

/** Reads the declaration after the name of an import or export. */
export function readExtern(reader: ByteReader): Extern {
	const code = reader.u8();
	if (code === 0x00) {
		reader.u8();
		return { kind: "core-module", type: reader.u32() };
	}
	if (code === 0x01) return { kind: "function", type: reader.u32() };
	if (code === 0x02) {
		reader.u8();
		reader.skipLeb();
		return { kind: "value", type: undefined };
	}
	if (code === 0x03) {
		if (reader.u8() === 0) return { kind: "type", type: reader.u32() };
		return { kind: "resource", type: undefined };
	}
	if (code === 0x04) return { kind: "component", type: reader.u32() };
	if (code === 0x05) return { kind: "instance", type: reader.u32() };
	throw malformed(`an import or export of unknown kind ${code}`);
}

/** Reads the name of an import or export. */
export function readExternName(reader: ByteReader): string {
	const form = reader.u8();
	if (form > 2) throw malformed(`a name of unknown form ${form}`);
	const name = reader.name();
	if (form === 2)
		reader.vector(() => {
			reader.u8();
			reader.name();
		});
	return name;
}

/** Reads an alias. Returns whether it adds to the index space of types, and to that of instances. */
export function readAlias(reader: ByteReader): "type" | "instance" | "other" {
	const sort = reader.u8();
	if (sort === 0) reader.u8();
	const target = reader.u8();
	reader.u32();
	if (target === 2) reader.u32();
	else reader.name();
	return sort === 3 ? "type" : sort === 5 ? "instance" : "other";
}

function readInstanceType(reader: ByteReader, depth: number): InstanceMembers {
	const functions: string[] = [];
	const resources: string[] = [];
	reader.vector(() => {
		const declared = readDeclaration(reader, depth);
		if (declared?.kind === "function") functions.push(declared.name);
		if (declared?.kind === "resource") resources.push(declared.name);
	});
	return { functions, resources };
}

/** Reads a declaration of a component or instance type. Returns the export that it declares, if any. */
function readDeclaration(reader: ByteReader, depth: number): { name: string; kind: ExternKind } | undefined {
	const code = reader.u8();
	if (code === 0x01) readType(reader, depth + 1);
	else if (code === 0x02) readAlias(reader);
	else if (code === 0x03) {
		readExternName(reader);
		readExtern(reader);
	} else if (code === 0x04) {
		const name = readExternName(reader);
		return { name, kind: readExtern(reader).kind };
	} else throw malformed(`a type declaration of unknown kind ${code}`);
	return undefined;
}

function readDefinedType(reader: ByteReader, code: number): void {
	if (code >= 0x73 || code === 0x64) return;
	if (code === 0x72) reader.vector(() => labelled(reader));
	else if (code === 0x71)
		reader.vector(() => {
			reader.name();
			optional(reader, () => reader.skipLeb());
			reader.u8();
		});
	else if (code === 0x6f) reader.vector(() => reader.skipLeb());
	else if (code === 0x6e || code === 0x6d) reader.vector(() => reader.name());
	else if (code === 0x70 || code === 0x6b || code === 0x69 || code === 0x68) reader.skipLeb();
	else if (code === 0x67) {
		reader.skipLeb();
		reader.u32();
	} else if (code === 0x6a) {
		optional(reader, () => reader.skipLeb());
		optional(reader, () => reader.skipLeb());
	} else if (code === 0x66 || code === 0x65) optional(reader, () => reader.skipLeb());
	else if (code === 0x63) {
		reader.skipLeb();
		reader.skipLeb();
	} else throw malformed(`a type of unknown form 0x${code.toString(16)}`);
}

function labelled(reader: ByteReader): void {
	reader.name();
	reader.skipLeb();
}

function optional(reader: ByteReader, read: () => void): void {
	if (reader.u8() !== 0) read();
}
