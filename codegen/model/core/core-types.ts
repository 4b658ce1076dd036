/** Classifies the types of values that core modules pass: numbers, packed records, JSON. */
import { hasTag, jsonKind } from "../abi.ts";
import type { Field, Member, RecordDef, TypeRef } from "../model.ts";
import { snakeCase } from "../names/spelling.ts";
import type { JsonRecord, JsonType, NumberName, NumberType, PackedRecord } from "./core-abi.ts";

const SIZES: { readonly [name in NumberName]: number } = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, f32: 4, u64: 8, s64: 8, f64: 8 };

/** Letters of core types: a parameter or result of any other type has no form. */
const LETTERS: ReadonlyMap<NumberName, string> = new Map([
	["u32", "i"],
	["s32", "i"],
	["u64", "I"],
	["s64", "I"],
	["f32", "f"],
	["f64", "F"],
]);

/** The type behind aliases, or undefined for the aliases that have a meaning of their own. */
export function plainType(type: TypeRef): TypeRef | undefined {
	let plain = type;
	while (plain.kind === "named" && plain.def.kind === "alias") {
		if (isOutBuffer(plain) || jsonKind(plain.def) !== undefined) return undefined;
		plain = plain.def.type;
	}
	return plain;
}

export function isOutBuffer(type: TypeRef): boolean {
	return type.kind === "named" && type.def.kind === "alias" && hasTag(type.def, "out-buffer");
}

/** The number that a value is; undefined for a type that is none. */
export function numberType(type: TypeRef): NumberType | undefined {
	const plain = plainType(type);
	if (plain?.kind === "primitive") return isNumberName(plain.name) ? { name: plain.name } : undefined;
	if (plain?.kind !== "named") return undefined;
	if (plain.def.kind === "enum") return { name: "s32", names: plain.def.cases };
	return plain.def.kind === "flags" ? { name: "s32", names: plain.def.flags } : undefined;
}

/** The letter of a number as parameter or result; undefined for one of less than 32 bits, which core WebAssembly lacks. */
export function letterOf({ name }: NumberType): string | undefined {
	return LETTERS.get(name);
}

function isNumberName(name: string): name is NumberName {
	return Object.hasOwn(SIZES, name);
}

export function isText(type: TypeRef): boolean {
	const plain = plainType(type);
	return plain?.kind === "primitive" && plain.name === "string";
}

export function isBytes(type: TypeRef): boolean {
	const plain = plainType(type);
	return plain?.kind === "list" && plain.length === undefined && plain.element.kind === "primitive" && plain.element.name === "u8";
}

/** The record that a type names, behind aliases. */
export function recordOf(type: TypeRef): RecordDef | undefined {
	const plain = plainType(type);
	return plain?.kind === "named" && plain.def.kind === "record" ? plain.def : undefined;
}

/** The record within lists and options. */
export function innerRecord(type: TypeRef): RecordDef | undefined {
	const plain = plainType(type);
	if (plain?.kind === "option") return innerRecord(plain.some);
	return plain?.kind === "list" ? innerRecord(plain.element) : recordOf(type);
}

/** The layout of a record tagged `@packed`. The fault is a member that is no number, or one that would not follow the one before without a gap. */
export function packedRecord(def: RecordDef): PackedRecord | { readonly fault: "number" | "gap"; readonly field: Member } {
	const members: { name: string; type: NumberName; offset: number }[] = [];
	let offset = 0;
	for (const field of def.fields) {
		const type = numberType(field.type);
		if (type === undefined) return { fault: "number", field };
		if (offset % SIZES[type.name] !== 0) return { fault: "gap", field };
		members.push({ name: snakeCase(field.name), type: type.name, offset });
		offset += SIZES[type.name];
	}
	const largest = Math.max(1, ...members.map(({ type }) => SIZES[type]));
	const last = def.fields.at(-1);
	if (offset % largest !== 0 && last !== undefined) return { fault: "gap", field: last };
	return { def, size: offset, members };
}

/** The type of a value in JSON; undefined for a type that JSON cannot hold. */
export function jsonType(type: TypeRef): JsonType | undefined {
	if (type.kind === "named" && type.def.kind === "alias") {
		const kind = jsonKind(type.def);
		if (kind !== undefined) return { kind };
	}
	const plain = plainType(type);
	switch (plain?.kind) {
		case "primitive":
			if (plain.name === "string") return { kind: "text" };
			if (plain.name === "bool") return { kind: "bool" };
			return isNumberName(plain.name) && SIZES[plain.name] <= 4 + 4 * Number(plain.name === "f64")
				? { kind: "number", name: plain.name }
				: undefined;
		case "list": {
			const element = plain.length === undefined ? jsonType(plain.element) : undefined;
			return element === undefined ? undefined : { kind: "list", element };
		}
		case "named":
			return plain.def.kind === "record" ? recordType(plain.def) : undefined;
		default:
			return undefined;
	}
}

function recordType(def: RecordDef): JsonType | undefined {
	const record = jsonRecord(def);
	return "record" in record ? { kind: "record", record: record.record } : undefined;
}

/** A record as a JSON object. The fault is a member that JSON cannot hold. */
export function jsonRecord(def: RecordDef): { readonly record: JsonRecord } | { readonly fault: Field } {
	const members: JsonRecord["members"][number][] = [];
	for (const field of def.fields) {
		const option = plainType(field.type);
		const isOptional = option?.kind === "option";
		const type = jsonType(isOptional ? option.some : field.type);
		if (type === undefined) return { fault: field };
		members.push({ name: snakeCase(field.name), type, isOptional, isNullable: hasTag(field, "nullable") });
	}
	return { record: { def, members } };
}
