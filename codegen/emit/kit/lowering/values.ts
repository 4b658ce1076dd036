/** Single values between memory or core values and their lifted form. */
import type { EnumDef, PrimitiveName, TypeRef } from "../../../model/model.ts";
import { delimited } from "../layout.ts";
import { type CoreType, discriminantSize, layoutOf } from "./layout.ts";
import { constantName, type LoweringModule } from "./module.ts";

/** `at + 4`, or `at` for offset 0. */
export function place(base: string, offset: number): string {
	return offset === 0 ? base : `${base} + ${offset}`;
}

/** Reads an unsigned integer of 1, 2 or 4 bytes. */
export function readUnsigned(size: number, at: string): string {
	return size === 1 ? `view.getUint8(${at})` : `view.getUint${size * 8}(${at}, true)`;
}

/** Writes an integer of 1, 2 or 4 bytes. */
export function writeUnsigned(size: number, at: string, value: string): string {
	return size === 1 ? `context.view.setUint8(${at}, ${value});` : `context.view.setUint${size * 8}(${at}, ${value}, true);`;
}

/** Names of the numbers in the members of a `DataView`. */
const VIEWED: { readonly [name in PrimitiveName]?: string } = {
	u8: "Uint8",
	s8: "Int8",
	u16: "Uint16",
	s16: "Int16",
	u32: "Uint32",
	s32: "Int32",
	u64: "BigUint64",
	s64: "BigInt64",
	f32: "Float32",
	f64: "Float64",
};

export function readPrimitive(name: PrimitiveName, base: string, offset: number): string {
	const at = place(base, offset);
	switch (name) {
		case "bool":
			return `view.getUint8(${at}) !== 0`;
		case "char":
			return `context.character(view.getUint32(${at}, true))`;
		case "string":
			return `context.text(view.getUint32(${at}, true), view.getUint32(${place(base, offset + 4)}, true))`;
		default:
			return `view.get${VIEWED[name]}(${at}${isByte(name) ? "" : ", true"})`;
	}
}

export function writePrimitive(name: PrimitiveName, at: string, value: string, module: LoweringModule): string {
	switch (name) {
		case "bool":
			return `context.view.setUint8(${at}, ${value} ? 1 : 0);`;
		case "char":
			return `context.view.setUint32(${at}, ${module.runtimeValue("codePointOf")}(${value}), true);`;
		case "string":
			return `context.putText(${at}, ${value});`;
		default:
			return `context.view.set${VIEWED[name]}(${at}, ${value}${isByte(name) ? "" : ", true"});`;
	}
}

function isByte(name: PrimitiveName): boolean {
	return name === "u8" || name === "s8";
}

/** A number or character from its core value. Core integers are signed, and bits beyond the type's own do not count. */
export function primitiveOfCore(name: PrimitiveName, core: string): string {
	switch (name) {
		case "bool":
			return `${core} !== 0`;
		case "u8":
			return `${core} & 0xff`;
		case "s8":
			return `(${core} << 24) >> 24`;
		case "u16":
			return `${core} & 0xffff`;
		case "s16":
			return `(${core} << 16) >> 16`;
		case "u32":
			return `${core} >>> 0`;
		case "u64":
			return `BigInt.asUintN(64, ${core})`;
		case "char":
			return `context.character(${core} >>> 0)`;
		default:
			return core;
	}
}

/** True if the core value is the lifted value. */
export function isOwnCoreValue(type: TypeRef): boolean {
	return type.kind === "primitive" && ["s32", "s64", "f32", "f64"].includes(type.name);
}

/** The core value of a number or character. */
export function coreOfPrimitive(name: PrimitiveName, value: string, module: LoweringModule): string {
	if (name === "bool") return `${value} ? 1 : 0`;
	return name === "char" ? `${module.runtimeValue("codePointOf")}(${value})` : value;
}

/** A core value of the flat form of a variant, as the alternative needs it. */
export function fromJoined(value: string, joined: CoreType, wanted: CoreType, module: LoweringModule): string {
	if (joined === wanted) return value;
	if (joined === "i32") return `${module.runtimeValue("f32OfBits")}(${value})`;
	if (wanted === "f64") return `${module.runtimeValue("f64OfBits")}(${value})`;
	const bits = `Number(BigInt.asIntN(32, ${value}))`;
	return wanted === "f32" ? `${module.runtimeValue("f32OfBits")}(${bits})` : bits;
}

/** A core value of an alternative, as the flat form of the variant carries it. */
export function toJoined(value: string, own: CoreType, joined: CoreType, module: LoweringModule): string {
	if (joined === own) return value;
	if (own === "f64") return `${module.runtimeValue("bitsOfF64")}(${value})`;
	const bits = own === "f32" ? `${module.runtimeValue("bitsOfF32")}(${value})` : value;
	return joined === "i32" ? bits : `BigInt(${bits.includes(" ? ") ? `(${bits})` : bits} >>> 0)`;
}

/** The type of a core value in JavaScript. */
export function coreTypeText(type: CoreType): string {
	return type === "i64" ? "bigint" : "number";
}

/** The constant with the cases of an enum. */
export function enumCases(def: EnumDef, module: LoweringModule): string {
	return module.declareAt(def, "cases", "tables", `${constantName(def)}_CASES`, (_owner, name) => ({
		text: `${delimited(
			`const ${name} = [`,
			def.cases.map((item) => JSON.stringify(item.name)),
			"] as const;",
			0,
		)}\n`,
	}));
}

/** The constant with the index of each case of an enum. */
export function enumIndexes(def: EnumDef, module: LoweringModule): string {
	return module.declareAt(def, "indexes", "tables", `${constantName(def)}_INDEXES`, (owner, name) => ({
		text: `const ${name}: ReadonlyMap<string, number> = new Map(${enumCases(def, owner)}.map((name, index) => [name, index]));\n`,
	}));
}

export function enumSize(def: EnumDef): number {
	return discriminantSize(def.cases.length);
}

export function sizeOf(type: TypeRef): number {
	return layoutOf(type).size;
}
