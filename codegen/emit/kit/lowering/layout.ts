/**
 * Size, alignment and flat form of types in the canonical ABI.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md
 */

import { UnsupportedType } from "../../../model/carried/data-types.ts";
import type { EnumDef, FlagsDef, PrimitiveName, RecordDef, TypeRef, VariantDef } from "../../../model/model.ts";

/** A type of core WebAssembly. */
export type CoreType = "i32" | "i64" | "f32" | "f64";

export interface Layout {
	/** In bytes. */
	readonly size: number;
	readonly alignment: number;
	/** Core values that carry the type where it does not pass through memory. */
	readonly flat: readonly CoreType[];
}

/** More core parameters than this pass through memory. */
export const MAX_FLAT_PARAMS = 16;
/** More core results than this pass through memory. */
export const MAX_FLAT_RESULTS = 1;

export type PlainDef = RecordDef | VariantDef | EnumDef | FlagsDef;
/** A type whose aliases are followed. */
export type ResolvedType = Exclude<TypeRef, { kind: "named" }> | (Extract<TypeRef, { kind: "named" }> & { readonly def: PlainDef });

/** Alternative of a variant, option or result. */
export interface Alternative {
	readonly name: string;
	readonly type: TypeRef | undefined;
}

const NUMBERS: { readonly [name in PrimitiveName]?: readonly [size: number, flat: CoreType] } = {
	bool: [1, "i32"],
	u8: [1, "i32"],
	s8: [1, "i32"],
	u16: [2, "i32"],
	s16: [2, "i32"],
	u32: [4, "i32"],
	s32: [4, "i32"],
	u64: [8, "i64"],
	s64: [8, "i64"],
	f32: [4, "f32"],
	f64: [8, "f64"],
	char: [4, "i32"],
};

const POINTER_AND_LENGTH: Layout = { size: 8, alignment: 4, flat: ["i32", "i32"] };

/** Follows aliases. Throws an `UnsupportedType` for a type that the canonical ABI of synchronous functions does not know. */
export function resolved(type: TypeRef): ResolvedType {
	switch (type.kind) {
		case "named": {
			const { def } = type;
			if (def.kind === "alias") return resolved(def.type);
			return { ...type, def };
		}
		case "list":
			if (type.length !== undefined) throw unsupported("a list of fixed length", type);
			return type;
		case "map":
		case "stream":
		case "future":
			throw unsupported(`a ${type.kind}`, type);
		case "primitive":
			if (type.name === "error-context") throw unsupported("an error-context", type);
			return type;
		default:
			return type;
	}
}

function unsupported(what: string, { span }: TypeRef): UnsupportedType {
	return new UnsupportedType(`${what} cannot cross to a component: the lowering does not support it`, span);
}

/** Layouts of types and definitions met before: the layout of a type takes those of all types within it. */
const known = new WeakMap<TypeRef | PlainDef, Layout>();

function remembered<T extends TypeRef | PlainDef>(of: T, compute: (of: T) => Layout): Layout {
	const before = known.get(of);
	if (before !== undefined) return before;
	const layout = compute(of);
	known.set(of, layout);
	return layout;
}

export function layoutOf(type: TypeRef): Layout {
	return remembered(type, computedLayout);
}

function computedLayout(type: TypeRef): Layout {
	const target = resolved(type);
	switch (target.kind) {
		case "primitive": {
			const [size, flat] = NUMBERS[target.name] ?? [];
			return size === undefined || flat === undefined ? POINTER_AND_LENGTH : { size, alignment: size, flat: [flat] };
		}
		case "list":
			return POINTER_AND_LENGTH;
		case "handle":
			return { size: 4, alignment: 4, flat: ["i32"] };
		case "tuple":
			return sequenceLayout(target.items);
		case "named":
			return remembered(target.def, definitionLayout);
		default:
			return alternativesLayout(alternativesOf(target) ?? []);
	}
}

function definitionLayout(def: PlainDef): Layout {
	switch (def.kind) {
		case "record":
			return sequenceLayout(def.fields.map((field) => field.type));
		case "variant":
			return alternativesLayout(def.cases.map(({ name, type }) => ({ name, type })));
		case "enum":
			return alternativesLayout(def.cases.map(({ name }) => ({ name, type: undefined })));
		case "flags": {
			const size = def.flags.length <= 8 ? 1 : def.flags.length <= 16 ? 2 : 4;
			return { size, alignment: size, flat: ["i32"] };
		}
	}
}

/** Layout of values one after the other: a record, a tuple, or parameters in memory. */
export function sequenceLayout(types: readonly TypeRef[]): Layout {
	const layouts = types.map(layoutOf);
	const alignment = Math.max(1, ...layouts.map((each) => each.alignment));
	const end = layouts.reduce((at, each) => aligned(at, each.alignment) + each.size, 0);
	return { size: aligned(end, alignment), alignment, flat: layouts.flatMap((each) => each.flat) };
}

/** Offset of each value of a sequence, in bytes. */
export function offsetsOf(types: readonly TypeRef[]): number[] {
	let end = 0;
	return types.map((type) => {
		const { size, alignment } = layoutOf(type);
		const at = aligned(end, alignment);
		end = at + size;
		return at;
	});
}

/** The alternatives of a variant, option or result, in the order of their discriminants. Undefined for other types. */
export function alternativesOf(type: ResolvedType): readonly Alternative[] | undefined {
	if (type.kind === "option")
		return [
			{ name: "none", type: undefined },
			{ name: "some", type: type.some },
		];
	if (type.kind === "result")
		return [
			{ name: "ok", type: type.ok },
			{ name: "err", type: type.err },
		];
	return type.kind === "named" && type.def.kind === "variant"
		? type.def.cases.map(({ name, type: payload }) => ({ name, type: payload }))
		: undefined;
}

function alternativesLayout(alternatives: readonly Alternative[]): Layout {
	const payloads = alternatives.flatMap(({ type }) => (type === undefined ? [] : [layoutOf(type)]));
	const tag = discriminantSize(alternatives.length);
	const alignment = Math.max(tag, ...payloads.map((each) => each.alignment));
	const size = aligned(payloadOffset(alternatives) + Math.max(0, ...payloads.map((each) => each.size)), alignment);
	return { size, alignment, flat: ["i32", ...payloads.map((each) => each.flat).reduce(joined, [])] };
}

/** Size of the discriminant of `count` alternatives, in bytes. */
export function discriminantSize(count: number): 1 | 2 | 4 {
	return count <= 2 ** 8 ? 1 : count <= 2 ** 16 ? 2 : 4;
}

/** Offset of the payload behind the discriminant, the same for all alternatives. */
export function payloadOffset(alternatives: readonly Alternative[]): number {
	const alignments = alternatives.map(({ type }) => (type === undefined ? 1 : layoutOf(type).alignment));
	return aligned(discriminantSize(alternatives.length), Math.max(1, ...alignments));
}

/** Core types that can carry the values of either alternative. */
function joined(first: readonly CoreType[], second: readonly CoreType[]): readonly CoreType[] {
	return Array.from({ length: Math.max(first.length, second.length) }, (_, index) => joinedType(first[index], second[index]));
}

function joinedType(first: CoreType | undefined, second: CoreType | undefined): CoreType {
	if (first === undefined || second === undefined || first === second) return first ?? second ?? "i32";
	return is32(first) && is32(second) ? "i32" : "i64";
}

function is32(type: CoreType): boolean {
	return type === "i32" || type === "f32";
}

function aligned(at: number, alignment: number): number {
	return Math.ceil(at / alignment) * alignment;
}
