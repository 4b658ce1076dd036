import { type CallContext, f32OfBits, f64OfBits, type ResourceType } from "../../../../generated/abi/component/lowering/runtime.ts";
import type { ResourceRef, ValueType } from "../plan/plan.ts";
import { casesOf, type FlatType, layoutOf, offsetsOf, payloadOffset, type VariantCase } from "./layout.ts";

/** Finds the resource type of one guest. */
export type FindResource = (resource: ResourceRef) => ResourceType;

/** Core values of a call, read one after the other. */
export class FlatValues {
	readonly #values: readonly unknown[];
	#next = 0;

	constructor(values: readonly unknown[]) {
		this.#values = values;
	}

	i32(): number {
		return Number(this.#take());
	}

	take(): unknown {
		return this.#take();
	}

	/** Returns the next values as values of their own. */
	split(count: number): unknown[] {
		this.#next += count;
		return this.#values.slice(this.#next - count, this.#next);
	}

	#take(): unknown {
		this.#next += 1;
		return this.#values[this.#next - 1];
	}
}

/**
 * Lifts values of any type, by interpretation. For functions that the generated lowering does not know: calls between the component instances of
 * one guest, and exports that are not of the ABI. Slower than the generated code, and equal in what it accepts.
 */
export class Lifter {
	readonly #context: CallContext;
	readonly #resource: FindResource;
	/** Handles that the current call has lent. */
	readonly #lent: number[] = [];

	constructor(context: CallContext, resource: FindResource) {
		this.#context = context;
		this.#resource = resource;
	}

	/** Ends the borrows of the call whose arguments were lifted last. */
	endLending(): void {
		for (const index of this.#lent.splice(0)) this.#context.component.unlend(index);
	}

	/** Reads a value from checked memory. */
	load(type: ValueType, at: number): unknown {
		const { view } = this.#context;
		switch (type.kind) {
			case "bool":
				return view.getUint8(at) !== 0;
			case "u8":
				return view.getUint8(at);
			case "s8":
				return view.getInt8(at);
			case "u16":
				return view.getUint16(at, true);
			case "s16":
				return view.getInt16(at, true);
			case "u32":
				return view.getUint32(at, true);
			case "s32":
				return view.getInt32(at, true);
			case "u64":
				return view.getBigUint64(at, true);
			case "s64":
				return view.getBigInt64(at, true);
			case "f32":
				return view.getFloat32(at, true);
			case "f64":
				return view.getFloat64(at, true);
			case "char":
				return this.#context.character(view.getUint32(at, true));
			case "string":
				return this.#context.text(view.getUint32(at, true), view.getUint32(at + 4, true));
			case "list":
				return this.#list(type.element, view.getUint32(at, true), view.getUint32(at + 4, true));
			case "own":
			case "borrow":
				return this.#handle(type, view.getUint32(at, true));
			case "record": {
				const offsets = offsetsOf(type.fields.map((field) => field.type));
				return Object.fromEntries(type.fields.map((field, index) => [field.name, this.load(field.type, at + (offsets[index] ?? 0))]));
			}
			case "tuple": {
				const offsets = offsetsOf(type.items);
				return type.items.map((item, index) => this.load(item, at + (offsets[index] ?? 0)));
			}
			case "enum":
				return this.#context.caseOf(type.names, this.#discriminant(layoutOf(type).size, at));
			case "flags":
				return flagsOf(type.names, this.#discriminant(layoutOf(type).size, at));
			default: {
				const cases = casesOf(type);
				const found = this.#case(cases, this.#discriminant(cases.length <= 256 ? 1 : cases.length <= 65_536 ? 2 : 4, at));
				return { tag: found.name, val: found.type === undefined ? undefined : this.load(found.type, at + payloadOffset(cases)) };
			}
		}
	}

	/** Reads a value from core values. */
	flat(type: ValueType, values: FlatValues): unknown {
		switch (type.kind) {
			case "bool":
				return values.i32() !== 0;
			case "u8":
				return values.i32() & 0xff;
			case "s8":
				return (values.i32() << 24) >> 24;
			case "u16":
				return values.i32() & 0xffff;
			case "s16":
				return (values.i32() << 16) >> 16;
			case "u32":
				return values.i32() >>> 0;
			case "s32":
				return values.i32() | 0;
			case "u64":
				return BigInt.asUintN(64, toBigInt(values.take()));
			case "s64":
			case "f32":
			case "f64":
				return values.take();
			case "char":
				return this.#context.character(values.i32() >>> 0);
			case "string":
				return this.#context.text(values.i32() >>> 0, values.i32() >>> 0);
			case "list":
				return this.#list(type.element, values.i32() >>> 0, values.i32() >>> 0);
			case "own":
			case "borrow":
				return this.#handle(type, values.i32());
			case "record":
				return Object.fromEntries(type.fields.map((field) => [field.name, this.flat(field.type, values)]));
			case "tuple":
				return type.items.map((item) => this.flat(item, values));
			case "enum":
				return this.#context.caseOf(type.names, values.i32() >>> 0);
			case "flags":
				return flagsOf(type.names, values.i32() >>> 0);
			default: {
				const found = this.#case(casesOf(type), values.i32() >>> 0);
				const joined = layoutOf(type).flat.slice(1);
				const payload = values.split(joined.length);
				if (found.type === undefined) return { tag: found.name, val: undefined };
				const wanted = layoutOf(found.type).flat;
				const own = wanted.map((flat, index) => unjoin(payload[index], joined[index] ?? flat, flat));
				return { tag: found.name, val: this.flat(found.type, new FlatValues(own)) };
			}
		}
	}

	#list(element: ValueType, pointer: number, count: number): unknown[] {
		const { size, alignment } = layoutOf(element);
		let at = this.#context.elements(pointer, count, size, alignment);
		const list: unknown[] = [];
		for (let index = 0; index < count; index += 1, at += size) list.push(this.load(element, at));
		return list;
	}

	#handle({ kind, resource }: Extract<ValueType, { kind: "own" | "borrow" }>, index: number): unknown {
		const { component } = this.#context;
		if (kind === "own") return component.take(index, this.#resource(resource));
		const value = component.lend(index, this.#resource(resource));
		this.#lent.push(index);
		return value;
	}

	#discriminant(size: number, at: number): number {
		const { view } = this.#context;
		return size === 1 ? view.getUint8(at) : size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
	}

	#case(cases: readonly VariantCase[], index: number): VariantCase {
		return this.#context.caseOf(cases, index);
	}
}

function flagsOf(names: readonly string[], bits: number): ReadonlyMap<string, boolean> {
	return new Map(names.map((name, index) => [name, (bits & (1 << index)) !== 0]));
}

/** Turns a core value that several cases share back into one of the case's own type. */
function unjoin(value: unknown, from: FlatType, to: FlatType): unknown {
	if (from === to) return value;
	if (from === "i32") return f32OfBits(Number(value));
	const bits = toBigInt(value);
	if (to === "f64") return f64OfBits(bits);
	const low = Number(BigInt.asIntN(32, bits));
	return to === "f32" ? f32OfBits(low) : low;
}

function toBigInt(value: unknown): bigint {
	return typeof value === "bigint" ? value : BigInt(Number(value));
}
