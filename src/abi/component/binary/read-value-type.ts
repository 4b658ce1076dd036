import { malformed } from "../../binary/byte-reader.ts";
import type { ComponentReader } from "./component-reader.ts";
import type { LabelledRef, Primitive, TypeDefinition, ValueRef } from "./definition.ts";
import { readLabel, readLabels, refuseDuplicates } from "./read-label.ts";

const PRIMITIVES: ReadonlyMap<number, Primitive> = new Map([
	[0x7f, "bool"],
	[0x7e, "s8"],
	[0x7d, "u8"],
	[0x7c, "s16"],
	[0x7b, "u16"],
	[0x7a, "s32"],
	[0x79, "u32"],
	[0x78, "s64"],
	[0x77, "u64"],
	[0x76, "f32"],
	[0x75, "f64"],
	[0x74, "char"],
	[0x73, "string"],
	[0x64, "error-context"],
]);

/** Most labels of a flags type: the bits of one word. */
const MAX_FLAGS = 32;

/** Reads a value type in place: a signed number that is an index if it is not negative. */
export function readValueRef(reader: ComponentReader): ValueRef {
	const at = reader.position;
	const first = reader.bytes[at] ?? 0;
	if (first >= 0x40 && first <= 0x7f) {
		const primitive = PRIMITIVES.get(reader.u8());
		if (primitive === undefined) throw malformed(`a value type of unknown form 0x${first.toString(16)} at byte ${at}`);
		return { primitive };
	}
	const index = reader.u32();
	const last = reader.bytes[reader.position - 1] ?? 0;
	if (reader.position - at < 5 && last >= 0x40) throw malformed(`a value type at byte ${at} is a negative number`);
	return { index };
}

/** Reads labelled types: fields of a record, or parameters. */
export function readLabelled(reader: ComponentReader): LabelledRef[] {
	const start = reader.position;
	const fields = reader.list(() => ({ name: readLabel(reader), type: readValueRef(reader) }));
	refuseDuplicates(fields, start);
	return fields;
}

/** Reads a defined value type after its code. Returns `undefined` if the code is not that of a value type. */
export function readValueType(reader: ComponentReader, code: number, at: number): TypeDefinition | undefined {
	const primitive = PRIMITIVES.get(code);
	if (primitive !== undefined) return { kind: "primitive", primitive };
	switch (code) {
		case 0x72:
			return { kind: "record", fields: some(readLabelled(reader), "a record without fields", at) };
		case 0x71:
			return { kind: "variant", cases: some(readCases(reader), "a variant without cases", at) };
		case 0x70:
			return { kind: "list", element: readValueRef(reader) };
		case 0x6f:
			return {
				kind: "tuple",
				items: some(
					reader.list(() => readValueRef(reader)),
					"a tuple without items",
					at,
				),
			};
		case 0x6e: {
			const names = some(readLabels(reader), "a flags type without labels", at);
			if (names.length > MAX_FLAGS) throw malformed(`a flags type at byte ${at} has more than ${MAX_FLAGS} labels`);
			return { kind: "flags", names };
		}
		case 0x6d:
			return { kind: "enum", names: some(readLabels(reader), "an enum without cases", at) };
		case 0x6b:
			return { kind: "option", element: readValueRef(reader) };
		case 0x6a:
			return { kind: "result", ok: reader.optional(() => readValueRef(reader)), err: reader.optional(() => readValueRef(reader)) };
		case 0x69:
			return { kind: "own", resource: reader.u32() };
		case 0x68:
			return { kind: "borrow", resource: reader.u32() };
		default:
			return readUnsupported(reader, code, at);
	}
}

function readUnsupported(reader: ComponentReader, code: number, at: number): TypeDefinition | undefined {
	if (code === 0x67) {
		const element = readValueRef(reader);
		if (reader.u32() === 0) throw malformed(`a list of the fixed length 0 at byte ${at}`);
		return { kind: "unsupported", what: "fixed-length list", parts: [element] };
	}
	if (code === 0x66 || code === 0x65) {
		const element = reader.optional(() => readValueRef(reader));
		return { kind: "unsupported", what: code === 0x66 ? "stream" : "future", parts: element === undefined ? [] : [element] };
	}
	if (code === 0x63) return { kind: "unsupported", what: "map", parts: [readValueRef(reader), readValueRef(reader)] };
	return undefined;
}

function readCases(reader: ComponentReader): { name: string; type: ValueRef | undefined }[] {
	const start = reader.position;
	const cases = reader.list(() => {
		const name = readLabel(reader);
		const type = reader.optional(() => readValueRef(reader));
		reader.expect(0, "the end of a case");
		return { name, type };
	});
	refuseDuplicates(cases, start);
	return cases;
}

function some<T>(items: T[], what: string, at: number): T[] {
	if (items.length === 0) throw malformed(`${what} at byte ${at}`);
	return items;
}
