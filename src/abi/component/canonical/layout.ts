import type { ValueType } from "../plan/plan.ts";

/** A type of core WebAssembly that carries values between functions. */
export type FlatType = "i32" | "i64" | "f32" | "f64";

/** Most core parameters of a function. With more, the arguments are a record in memory. */
export const MAX_FLAT_PARAMS = 16;
/** Most core results of a function. With more, the result is in memory. */
export const MAX_FLAT_RESULTS = 1;

/** Size and form of the values of a type. */
export interface Layout {
	/** Size in memory, in bytes, a multiple of `alignment`. */
	readonly size: number;
	readonly alignment: number;
	/** Core types of a value that is passed outside memory. Cut after `MAX_FLAT_PARAMS + 1`: such a value is never passed outside memory. */
	readonly flat: readonly FlatType[];
}

/** A case of a variant, option or result. */
export interface VariantCase {
	readonly name: string;
	readonly type?: ValueType;
}

const SIZES = { bool: 1, s8: 1, u8: 1, s16: 2, u16: 2, s32: 4, u32: 4, s64: 8, u64: 8, f32: 4, f64: 8, char: 4 } as const;

const cache = new WeakMap<ValueType, Layout>();

/**
 * Returns size, alignment and flat types of a type.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md
 */
export function layoutOf(type: ValueType): Layout {
	const known = cache.get(type);
	if (known !== undefined) return known;
	const layout = compute(type);
	cache.set(type, layout);
	return layout;
}

function compute(type: ValueType): Layout {
	switch (type.kind) {
		case "string":
		case "list":
			return { size: 8, alignment: 4, flat: ["i32", "i32"] };
		case "own":
		case "borrow":
			return { size: 4, alignment: 4, flat: ["i32"] };
		case "record":
			return sequence(type.fields.map((field) => field.type));
		case "tuple":
			return sequence(type.items);
		case "enum":
			return discriminantOnly(discriminantSize(type.names.length));
		case "flags":
			return discriminantOnly(type.names.length <= 8 ? 1 : type.names.length <= 16 ? 2 : 4);
		case "variant":
		case "option":
		case "result":
			return variant(casesOf(type));
		case "s64":
		case "u64":
			return { size: 8, alignment: 8, flat: ["i64"] };
		case "f32":
		case "f64":
			return { size: SIZES[type.kind], alignment: SIZES[type.kind], flat: [type.kind] };
		default:
			return { size: SIZES[type.kind], alignment: SIZES[type.kind], flat: ["i32"] };
	}
}

/** Returns the cases of a type with a discriminant, in order. */
export function casesOf(type: Extract<ValueType, { kind: "variant" | "option" | "result" }>): readonly VariantCase[] {
	if (type.kind === "variant") return type.cases;
	if (type.kind === "option") return [{ name: "none" }, { name: "some", type: type.some }];
	return [named("ok", type.ok), named("err", type.err)];
}

function named(name: string, type: ValueType | undefined): VariantCase {
	return type === undefined ? { name } : { name, type };
}

/** Returns the offset of each field of a record or tuple, in bytes. */
export function offsetsOf(types: readonly ValueType[]): number[] {
	let at = 0;
	return types.map((type) => {
		const { size, alignment } = layoutOf(type);
		const offset = align(at, alignment);
		at = offset + size;
		return offset;
	});
}

/** Returns the offset of the payload of a variant, in bytes. */
export function payloadOffset(cases: readonly VariantCase[]): number {
	const alignments = cases.map(({ type }) => (type === undefined ? 1 : layoutOf(type).alignment));
	return align(discriminantSize(cases.length), Math.max(1, ...alignments));
}

/** Returns the size of a discriminant, in bytes. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
	return cases <= 256 ? 1 : cases <= 65_536 ? 2 : 4;
}

export function align(offset: number, alignment: number): number {
	return Math.ceil(offset / alignment) * alignment;
}

function discriminantOnly(size: number): Layout {
	return { size, alignment: size, flat: ["i32"] };
}

function sequence(types: readonly ValueType[]): Layout {
	let size = 0;
	let alignment = 1;
	const flat: FlatType[] = [];
	for (const type of types) {
		const part = layoutOf(type);
		size = align(size, part.alignment) + part.size;
		alignment = Math.max(alignment, part.alignment);
		push(flat, part.flat);
	}
	return { size: align(size, alignment), alignment, flat };
}

function variant(cases: readonly VariantCase[]): Layout {
	const discriminant = discriminantSize(cases.length);
	let alignment: number = discriminant;
	let payload = 0;
	const joined: FlatType[] = [];
	for (const { type } of cases) {
		if (type === undefined) continue;
		const part = layoutOf(type);
		alignment = Math.max(alignment, part.alignment);
		payload = Math.max(payload, part.size);
		part.flat.forEach((flat, index) => {
			const known = joined[index];
			joined[index] = known === undefined ? flat : join(known, flat);
		});
	}
	const flat: FlatType[] = ["i32"];
	push(flat, joined);
	return { size: align(payloadOffset(cases) + payload, alignment), alignment, flat };
}

/** Returns the core type that can carry values of two types. */
function join(a: FlatType, b: FlatType): FlatType {
	if (a === b) return a;
	return (a === "i32" && b === "f32") || (a === "f32" && b === "i32") ? "i32" : "i64";
}

/** Appends within the bound. Otherwise nested records, which share types, would have exponentially many flat types. */
function push(flat: FlatType[], more: readonly FlatType[]): void {
	for (const type of more) if (flat.length <= MAX_FLAT_PARAMS) flat.push(type);
}
