/**
 * Sizes, flat forms and bytes of values, computed once with the reference definitions of the canonical ABI and inputs of our own.
 *
 * @see https://github.com/WebAssembly/component-model/blob/6d281648bd89caf885a7adcc412962dbd2425ab7/design/mvp/canonical-abi/definitions.py
 */
import { readFileSync } from "node:fs";
import { casesOf } from "../../src/abi/component/canonical/layout.ts";
import type { ValueType } from "../../src/abi/component/plan/plan.ts";

/** A value: decimal integers and bits of floats as text, parts of records in order, cases as index and payload, flags as bits. */
export type TableValue = boolean | number | string | readonly TableValue[];

export interface TableType {
	readonly type: ValueType;
	readonly size: number;
	readonly alignment: number;
	readonly flat: readonly ("i32" | "i64" | "f32" | "f64")[];
	readonly values: readonly {
		readonly value: TableValue;
		/** Bytes of the value at address 64, and of what it points to from address 1024, as hexadecimal. */
		readonly memory: string;
		readonly heap: string;
		/** Core values: unsigned integers as decimals, floats as bits. And the bytes that they point to. */
		readonly core: readonly string[];
		readonly coreHeap: string;
	}[];
}

export interface ReferenceTable {
	readonly types: readonly TableType[];
	readonly discriminants: readonly {
		readonly cases: number;
		readonly enumSize: number;
		readonly enumAlignment: number;
		readonly variantSize: number;
		readonly variantAlignment: number;
	}[];
	readonly characters: readonly (readonly [code: number, traps: boolean])[];
	readonly texts: readonly (readonly [bytes: string, traps: boolean])[];
}

/** Place of values in the table's memory, and of what they point to. */
export const VALUE_AT = 64;
export const HEAP_AT = 1_024;

export function readTable(): ReferenceTable {
	const lines = readFileSync(new URL("../abi/component/canonical/reference.jsonl", import.meta.url), "utf8")
		.trim()
		.split("\n");
	const rows: { table: string; row: never }[] = lines.map((line) => JSON.parse(line));
	const of = (table: string): never[] => rows.filter((each) => each.table === table).map(({ row }) => row);
	return { types: of("types"), discriminants: of("discriminants"), characters: of("characters"), texts: of("texts") };
}

/** Shapes of values: that of the interpreter, and that of the host. */
export type Shape = "interpreter" | "host";

const CLASSES = {
	u8: Uint8Array,
	s8: Int8Array,
	u16: Uint16Array,
	s16: Int16Array,
	u32: Uint32Array,
	s32: Int32Array,
	f32: Float32Array,
	f64: Float64Array,
} as const;

export function shaped(type: ValueType, value: TableValue, shape: Shape): unknown {
	const parts = Array.isArray(value) ? (value satisfies readonly TableValue[]) : [];
	const part = (inner: ValueType, at: number): unknown => shaped(inner, parts[at] ?? false, shape);
	switch (type.kind) {
		case "bool":
		case "string":
			return value;
		case "char":
			return String.fromCodePoint(Number(value));
		case "u64":
		case "s64":
			return BigInt(String(value));
		case "f32":
		case "f64":
			return floatOf(String(value));
		case "list": {
			const items = parts.map((each) => shaped(type.element, each, shape));
			if (shape === "interpreter") return items;
			const { kind } = type.element;
			if (kind === "u64") return BigUint64Array.from(items.map((each) => BigInt(String(each))));
			if (kind === "s64") return BigInt64Array.from(items.map((each) => BigInt(String(each))));
			return isVector(kind) ? CLASSES[kind].from(items.map(Number)) : items;
		}
		case "record":
			return Object.fromEntries(type.fields.map((field, index) => [field.name, part(field.type, index)]));
		case "tuple":
			return type.items.map(part);
		case "enum":
			return type.names[Number(value)];
		case "flags":
			if (shape === "interpreter") return new Map(type.names.map((name, index) => [name, parts[index] === 1]));
			return Object.fromEntries(type.names.map((name, index) => [name, parts[index] === 1]));
		case "variant":
		case "option":
		case "result": {
			const found = casesOf(type)[Number(parts[0])];
			const val = found?.type === undefined ? undefined : part(found.type, 1);
			if (shape === "host" && type.kind === "option" && type.some.kind !== "option") return val;
			if (shape === "host" && type.kind === "variant" && found?.type === undefined) return { tag: found?.name };
			return { tag: found?.name, val };
		}
		default:
			return Number(value);
	}
}

function isVector(kind: string): kind is keyof typeof CLASSES {
	return Object.hasOwn(CLASSES, kind);
}

/** Returns the number of which the text is the bits, as 8 or 16 hexadecimal digits. */
export function floatOf(bits: string): number {
	const view = new DataView(new ArrayBuffer(8));
	if (bits.length === 8) view.setUint32(0, Number.parseInt(bits, 16));
	else view.setBigUint64(0, BigInt(`0x${bits}`));
	return bits.length === 8 ? view.getFloat32(0) : view.getFloat64(0);
}

/** Returns a core value as WebAssembly's API passes it. */
export function coreOf(text: string, type: string): unknown {
	if (type === "i64") return BigInt.asIntN(64, BigInt(text));
	return type === "i32" ? Number(text) | 0 : floatOf(text);
}
