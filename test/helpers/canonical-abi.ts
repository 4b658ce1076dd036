/**
 * Reference implementation of the canonical ABI, written after the definitions of its specification and independent of codegen.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/canonical-abi/definitions.py
 */

export type CoreType = "i32" | "i64" | "f32" | "f64";

export type Primitive = "bool" | "u8" | "u16" | "u32" | "u64" | "s8" | "s16" | "s32" | "s64" | "f32" | "f64" | "char" | "string";

/** A type. `record`, `variant`, `enum` and `flags` have a name in WIT, and all others stand where they are used. */
export type Type =
	| { readonly kind: "primitive"; readonly name: Primitive }
	| { readonly kind: "list" | "option"; readonly of: Type }
	| { readonly kind: "tuple"; readonly items: readonly Type[] }
	| { readonly kind: "result"; readonly ok: Type | undefined; readonly err: Type | undefined }
	| { readonly kind: "record"; readonly name: string; readonly fields: readonly { readonly label: string; readonly type: Type }[] }
	| { readonly kind: "variant"; readonly name: string; readonly cases: readonly Case[] }
	| { readonly kind: "enum" | "flags"; readonly name: string; readonly labels: readonly string[] }
	| { readonly kind: "own" | "borrow" };

export interface Case {
	readonly label: string;
	readonly type: Type | undefined;
}

/** A value of the component model. Integers are bigints, so that no width is special. */
export type Value =
	| boolean
	| bigint
	| number
	| string
	| readonly Value[]
	| { readonly record: ReadonlyMap<string, Value> }
	| { readonly label: string; readonly value: Value | undefined }
	| { readonly flags: ReadonlySet<string> }
	| { readonly resource: object };

/** Memory, allocator and handles of a guest. */
export interface Guest {
	/** Changes when an allocation grows the memory. */
	view(): DataView;
	allocate(alignment: number, size: number): number;
	addHandle(mode: "own" | "borrow", resource: object): number;
	removeHandle(mode: "own" | "borrow", index: number): object;
	/**
	 * Bits that the guest leaves above those of small integers and flags in core values. Lifting ignores such bits. Absent: the guest extends integers
	 * by zeros or their sign.
	 */
	readonly junk?: bigint;
}

export const MAX_FLAT_PARAMS = 16;
export const MAX_FLAT_RESULTS = 1;

interface Layout {
	readonly size: number;
	readonly alignment: number;
}

const BYTES: Readonly<Record<Exclude<Primitive, "string">, number>> = {
	bool: 1,
	u8: 1,
	s8: 1,
	u16: 2,
	s16: 2,
	u32: 4,
	s32: 4,
	f32: 4,
	char: 4,
	u64: 8,
	s64: 8,
	f64: 8,
};

/** Cases of a variant and of the types that are variants underneath. */
export function casesOf(type: Type): readonly Case[] | undefined {
	switch (type.kind) {
		case "variant":
			return type.cases;
		case "enum":
			return type.labels.map((label) => ({ label, type: undefined }));
		case "option":
			return [
				{ label: "none", type: undefined },
				{ label: "some", type: type.of },
			];
		case "result":
			return [
				{ label: "ok", type: type.ok },
				{ label: "err", type: type.err },
			];
		default:
			return undefined;
	}
}

/** Fields of a record, and of a tuple, which is a record underneath. */
export function fieldsOf(type: Type): readonly { readonly label: string; readonly type: Type }[] | undefined {
	if (type.kind === "tuple") return type.items.map((item, index) => ({ label: String(index), type: item }));
	return type.kind === "record" ? type.fields : undefined;
}

export function alignTo(pointer: number, alignment: number): number {
	return Math.ceil(pointer / alignment) * alignment;
}

export function layout(type: Type): Layout {
	const fields = fieldsOf(type);
	if (fields !== undefined) {
		let size = 0;
		let alignment = 1;
		for (const field of fields) {
			const inner = layout(field.type);
			size = alignTo(size, inner.alignment) + inner.size;
			alignment = Math.max(alignment, inner.alignment);
		}
		return { size: alignTo(size, alignment), alignment };
	}
	const cases = casesOf(type);
	if (cases !== undefined) {
		const payloads = cases.map((each) => (each.type === undefined ? { size: 0, alignment: 1 } : layout(each.type)));
		const tag = discriminantSize(cases);
		const alignment = Math.max(tag, ...payloads.map((each) => each.alignment));
		const start = alignTo(tag, Math.max(...payloads.map((each) => each.alignment)));
		return { size: alignTo(start + Math.max(...payloads.map((each) => each.size)), alignment), alignment };
	}
	if (type.kind === "flags") {
		const size = flagsSize(type.labels);
		return { size, alignment: size };
	}
	if (type.kind === "primitive" && type.name !== "string") return { size: BYTES[type.name], alignment: BYTES[type.name] };
	return type.kind === "own" || type.kind === "borrow" ? { size: 4, alignment: 4 } : { size: 8, alignment: 4 };
}

function discriminantSize(cases: readonly unknown[]): number {
	if (cases.length <= 256) return 1;
	return cases.length <= 65_536 ? 2 : 4;
}

function flagsSize(labels: readonly string[]): number {
	if (labels.length <= 8) return 1;
	return labels.length <= 16 ? 2 : 4;
}

function payloadStart(cases: readonly Case[]): number {
	return alignTo(discriminantSize(cases), Math.max(...cases.map((each) => (each.type === undefined ? 1 : layout(each.type).alignment))));
}

function loadInt(guest: Guest, pointer: number, bytes: number): bigint {
	let value = 0n;
	for (let index = bytes - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(guest.view().getUint8(pointer + index));
	return value;
}

function storeInt(guest: Guest, value: bigint, pointer: number, bytes: number): void {
	const bits = BigInt.asUintN(bytes * 8, value);
	for (let index = 0; index < bytes; index += 1) guest.view().setUint8(pointer + index, Number((bits >> BigInt(8 * index)) & 0xffn));
}

function isSigned(name: Primitive): boolean {
	return name.startsWith("s") && name !== "string";
}

export function load(guest: Guest, pointer: number, type: Type): Value {
	const fields = fieldsOf(type);
	if (fields !== undefined) {
		let at = pointer;
		const record = new Map<string, Value>();
		for (const field of fields) {
			const { size, alignment } = layout(field.type);
			at = alignTo(at, alignment);
			record.set(field.label, load(guest, at, field.type));
			at += size;
		}
		return { record };
	}
	const cases = casesOf(type);
	if (cases !== undefined) {
		const found = cases[Number(loadInt(guest, pointer, discriminantSize(cases)))];
		if (found === undefined) throw new Error("the discriminant stands for no case");
		return { label: found.label, value: found.type && load(guest, pointer + payloadStart(cases), found.type) };
	}
	switch (type.kind) {
		case "flags":
			return unpackFlags(loadInt(guest, pointer, flagsSize(type.labels)), type.labels);
		case "own":
		case "borrow":
			return { resource: guest.removeHandle(type.kind, Number(loadInt(guest, pointer, 4))) };
		case "list":
			return loadList(guest, Number(loadInt(guest, pointer, 4)), Number(loadInt(guest, pointer + 4, 4)), type.of);
		case "primitive":
			return loadPrimitive(guest, pointer, type.name);
	}
	throw new TypeError(`${type.kind} has no form in memory`);
}

function loadPrimitive(guest: Guest, pointer: number, name: Primitive): Value {
	switch (name) {
		case "bool":
			return loadInt(guest, pointer, 1) !== 0n;
		case "f32":
			return guest.view().getFloat32(pointer, true);
		case "f64":
			return guest.view().getFloat64(pointer, true);
		case "char":
			return String.fromCodePoint(Number(loadInt(guest, pointer, 4)));
		case "string":
			return loadString(guest, Number(loadInt(guest, pointer, 4)), Number(loadInt(guest, pointer + 4, 4)));
		default: {
			const bits = loadInt(guest, pointer, BYTES[name]);
			return isSigned(name) ? BigInt.asIntN(BYTES[name] * 8, bits) : bits;
		}
	}
}

function loadString(guest: Guest, pointer: number, length: number): string {
	const bytes = new Uint8Array(guest.view().buffer, pointer, length);
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function loadList(guest: Guest, pointer: number, length: number, element: Type): Value[] {
	const { size, alignment } = layout(element);
	if (pointer % alignment !== 0) throw new Error("the list is not aligned");
	return Array.from({ length }, (_, index) => load(guest, pointer + index * size, element));
}

function unpackFlags(bits: bigint, labels: readonly string[]): Value {
	return { flags: new Set(labels.filter((_, index) => ((bits >> BigInt(index)) & 1n) === 1n)) };
}

function packFlags(value: Value, labels: readonly string[]): bigint {
	return labels.reduce((bits, label, index) => bits | (flagsIn(value).has(label) ? 1n << BigInt(index) : 0n), 0n);
}

export function store(guest: Guest, value: Value, type: Type, pointer: number): void {
	const fields = fieldsOf(type);
	if (fields !== undefined) {
		let at = pointer;
		for (const field of fields) {
			const { size, alignment } = layout(field.type);
			at = alignTo(at, alignment);
			store(guest, fieldIn(value, field.label), field.type, at);
			at += size;
		}
		return;
	}
	const cases = casesOf(type);
	if (cases !== undefined) {
		const { index, payload, payloadType } = matchCase(value, cases);
		storeInt(guest, BigInt(index), pointer, discriminantSize(cases));
		if (payloadType !== undefined && payload !== undefined) store(guest, payload, payloadType, pointer + payloadStart(cases));
		return;
	}
	switch (type.kind) {
		case "flags":
			storeInt(guest, packFlags(value, type.labels), pointer, flagsSize(type.labels));
			return;
		case "own":
		case "borrow":
			storeInt(guest, BigInt(guest.addHandle(type.kind, resourceIn(value))), pointer, 4);
			return;
		case "list": {
			const [at, length] = storeListIntoRange(guest, listIn(value), type.of);
			storeInt(guest, BigInt(at), pointer, 4);
			storeInt(guest, BigInt(length), pointer + 4, 4);
			return;
		}
		case "primitive":
			storePrimitive(guest, value, pointer, type.name);
			return;
	}
	throw new TypeError(`${type.kind} has no form in memory`);
}

function storePrimitive(guest: Guest, value: Value, pointer: number, name: Primitive): void {
	switch (name) {
		case "bool":
			storeInt(guest, value === true ? 1n : 0n, pointer, 1);
			return;
		case "f32":
			guest.view().setFloat32(pointer, numberIn(value), true);
			return;
		case "f64":
			guest.view().setFloat64(pointer, numberIn(value), true);
			return;
		case "char":
			storeInt(guest, BigInt(textIn(value).codePointAt(0) ?? 0), pointer, 4);
			return;
		case "string": {
			const [at, length] = storeStringIntoRange(guest, textIn(value));
			storeInt(guest, BigInt(at), pointer, 4);
			storeInt(guest, BigInt(length), pointer + 4, 4);
			return;
		}
		default:
			storeInt(guest, integerIn(value), pointer, BYTES[name]);
			return;
	}
}

function storeStringIntoRange(guest: Guest, text: string): [number, number] {
	const bytes = new TextEncoder().encode(text);
	const pointer = guest.allocate(1, bytes.length);
	new Uint8Array(guest.view().buffer).set(bytes, pointer);
	return [pointer, bytes.length];
}

function storeListIntoRange(guest: Guest, values: readonly Value[], element: Type): [number, number] {
	const { size, alignment } = layout(element);
	const pointer = guest.allocate(alignment, size * values.length);
	for (const [index, value] of values.entries()) store(guest, value, element, pointer + index * size);
	return [pointer, values.length];
}

export function flatten(type: Type): CoreType[] {
	const fields = fieldsOf(type);
	if (fields !== undefined) return fields.flatMap((field) => flatten(field.type));
	const cases = casesOf(type);
	if (cases !== undefined) {
		const flat: CoreType[] = [];
		for (const each of cases) {
			for (const [index, core] of (each.type === undefined ? [] : flatten(each.type)).entries()) {
				const before = flat[index];
				flat[index] = before === undefined ? core : join(before, core);
			}
		}
		return ["i32", ...flat];
	}
	if (type.kind === "list") return ["i32", "i32"];
	if (type.kind !== "primitive") return ["i32"];
	switch (type.name) {
		case "string":
			return ["i32", "i32"];
		case "u64":
		case "s64":
			return ["i64"];
		case "f32":
		case "f64":
			return [type.name];
		default:
			return ["i32"];
	}
}

function join(a: CoreType, b: CoreType): CoreType {
	if (a === b) return a;
	return [a, b].every((each) => each === "i32" || each === "f32") ? "i32" : "i64";
}

/** A core value: integers as unsigned bigints. */
export type CoreValue = bigint | number;

/** Source of core values that converts joined ones. */
export type NextCore = (wanted: CoreType) => CoreValue;

/** Lifts what the host lowered, and requires that the host left no bits above those of the type. */
export function liftFlat(guest: Guest, next: NextCore, type: Type): Value {
	const fields = fieldsOf(type);
	if (fields !== undefined) return { record: new Map(fields.map((field) => [field.label, liftFlat(guest, next, field.type)])) };
	const cases = casesOf(type);
	if (cases !== undefined) return liftFlatVariant(guest, next, type, cases);
	const integer = (wanted: CoreType): bigint => integerIn(next(wanted));
	switch (type.kind) {
		case "flags":
			return unpackFlags(within(integer("i32"), type.labels.length), type.labels);
		case "own":
		case "borrow":
			return { resource: guest.removeHandle(type.kind, Number(integer("i32"))) };
		case "list":
			return loadList(guest, Number(integer("i32")), Number(integer("i32")), type.of);
		case "primitive":
			switch (type.name) {
				case "bool":
					return within(integer("i32"), 1) !== 0n;
				case "f32":
				case "f64":
					return numberIn(next(type.name));
				case "char":
					return String.fromCodePoint(Number(integer("i32")));
				case "string":
					return loadString(guest, Number(integer("i32")), Number(integer("i32")));
				default: {
					const bits = BYTES[type.name] * 8;
					const value = integer(bits === 64 ? "i64" : "i32");
					if (!isSigned(type.name)) return within(value, bits);
					const signed = BigInt.asIntN(bits, value);
					if (BigInt.asUintN(bits === 64 ? 64 : 32, signed) !== value) throw new Error(`${value} is no extension of a sign`);
					return signed;
				}
			}
	}
	throw new TypeError(`${type.kind} has no flat form`);
}

function liftFlatVariant(guest: Guest, next: NextCore, type: Type, cases: readonly Case[]): Value {
	const rest = flatten(type).slice(1);
	const found = cases[Number(integerIn(next("i32")))];
	if (found === undefined) throw new Error("the discriminant stands for no case");
	const coerced: NextCore = (wanted) => {
		const have = rest.shift() ?? wanted;
		const value = next(have);
		if (have === wanted) return value;
		const bits = integerIn(value);
		if (wanted === "i32") return within(bits, 32);
		return wanted === "f64" ? floatOfBits(bits, 8) : floatOfBits(within(bits, 32), 4);
	};
	const value = found.type && liftFlat(guest, coerced, found.type);
	while (rest.length > 0) next(rest.shift() ?? "i32");
	return { label: found.label, value };
}

function within(value: bigint, bits: number): bigint {
	if (value >> BigInt(bits) !== 0n) throw new Error(`${value} has more than ${bits} bits`);
	return value;
}

export function lowerFlat(guest: Guest, value: Value, type: Type): CoreValue[] {
	const fields = fieldsOf(type);
	if (fields !== undefined) return fields.flatMap((field) => lowerFlat(guest, fieldIn(value, field.label), field.type));
	const cases = casesOf(type);
	if (cases !== undefined) {
		const { index, payload, payloadType } = matchCase(value, cases);
		const own = payloadType === undefined ? [] : flatten(payloadType);
		const core = payloadType === undefined || payload === undefined ? [] : lowerFlat(guest, payload, payloadType);
		const joined = flatten(type).slice(1);
		const carried = joined.map((wanted, at): CoreValue => {
			const have = own[at];
			const single = core[at];
			if (have === undefined || single === undefined) return wanted.startsWith("i") ? 0n : 0;
			if (have === wanted || have.startsWith("i")) return single;
			return bitsOfFloat(numberIn(single), have === "f64" ? 8 : 4);
		});
		return [BigInt(index), ...carried];
	}
	switch (type.kind) {
		case "flags":
			return [withJunk(guest, packFlags(value, type.labels), type.labels.length)];
		case "own":
		case "borrow":
			return [BigInt(guest.addHandle(type.kind, resourceIn(value)))];
		case "list":
			return storeListIntoRange(guest, listIn(value), type.of).map(BigInt);
		case "primitive":
			switch (type.name) {
				case "bool":
					return [value === true ? withJunk(guest, 1n, 1) : 0n];
				case "f32":
				case "f64":
					return [numberIn(value)];
				case "char":
					return [BigInt(textIn(value).codePointAt(0) ?? 0)];
				case "string":
					return storeStringIntoRange(guest, textIn(value)).map(BigInt);
				default:
					if (BYTES[type.name] === 8) return [BigInt.asUintN(64, integerIn(value))];
					return [withJunk(guest, integerIn(value), BYTES[type.name] * 8)];
			}
	}
	throw new TypeError(`${type.kind} has no flat form`);
}

function withJunk({ junk }: Guest, value: bigint, bits: number): bigint {
	return BigInt.asUintN(32, junk === undefined ? value : (junk << BigInt(bits)) | BigInt.asUintN(bits, value));
}

function floatOfBits(bits: bigint, bytes: 4 | 8): number {
	const view = new DataView(new ArrayBuffer(8));
	view.setBigUint64(0, bits, true);
	return bytes === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function bitsOfFloat(value: number, bytes: 4 | 8): bigint {
	const view = new DataView(new ArrayBuffer(8));
	if (bytes === 4) view.setFloat32(0, value, true);
	else view.setFloat64(0, value, true);
	return view.getBigUint64(0, true);
}

function matchCase(value: Value, cases: readonly Case[]): { index: number; payload: Value | undefined; payloadType: Type | undefined } {
	const { label, value: payload } = caseIn(value);
	const index = cases.findIndex((each) => each.label === label);
	return { index, payload, payloadType: cases[index]?.type };
}

export function fieldIn(value: Value, label: string): Value {
	const found = typeof value === "object" && "record" in value ? value.record.get(label) : undefined;
	if (found === undefined) throw new TypeError(`there is no field ${label}`);
	return found;
}

export function caseIn(value: Value): { readonly label: string; readonly value: Value | undefined } {
	if (typeof value === "object" && "label" in value) return value;
	throw new TypeError("a case is expected");
}

export function flagsIn(value: Value): ReadonlySet<string> {
	if (typeof value === "object" && "flags" in value) return value.flags;
	throw new TypeError("flags are expected");
}

export function resourceIn(value: Value): object {
	if (typeof value === "object" && "resource" in value) return value.resource;
	throw new TypeError("a resource is expected");
}

export function listIn(value: Value): readonly Value[] {
	if (Array.isArray(value)) return value;
	throw new TypeError("a list is expected");
}

export function textIn(value: Value): string {
	if (typeof value === "string") return value;
	throw new TypeError("text is expected");
}

export function numberIn(value: Value): number {
	if (typeof value === "number") return value;
	throw new TypeError("a number is expected");
}

export function integerIn(value: Value): bigint {
	if (typeof value === "bigint") return value;
	throw new TypeError("an integer is expected");
}
