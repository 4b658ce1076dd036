import { bitsOfF32, bitsOfF64, type CallContext, codePointOf } from "../../../../generated/abi/component/lowering/runtime.ts";
import type { ValueType } from "../plan/plan.ts";
import { casesOf, discriminantSize, type FlatType, layoutOf, offsetsOf, payloadOffset } from "./layout.ts";
import type { FindResource } from "./lift.ts";

/** Lowers values of any type, by interpretation: the values that a `Lifter` returns. */
export class Lowerer {
	readonly #context: CallContext;
	readonly #resource: FindResource;

	constructor(context: CallContext, resource: FindResource) {
		this.#context = context;
		this.#resource = resource;
	}

	/** Writes a value to its place in memory. The memory may grow, so the view of the context is read for each part. */
	store(type: ValueType, at: number, value: unknown): void {
		switch (type.kind) {
			case "bool":
			case "u8":
			case "s8":
				this.#context.view.setUint8(at, Number(value));
				return;
			case "u16":
			case "s16":
				this.#context.view.setUint16(at, Number(value), true);
				return;
			case "u32":
			case "s32":
				this.#context.view.setUint32(at, Number(value), true);
				return;
			case "u64":
			case "s64":
				this.#context.view.setBigUint64(at, BigInt.asUintN(64, bigintOf(value)), true);
				return;
			case "f32":
				this.#context.view.setFloat32(at, Number(value), true);
				return;
			case "f64":
				this.#context.view.setFloat64(at, Number(value), true);
				return;
			case "char":
				this.#context.view.setUint32(at, codePointOf(String(value)), true);
				return;
			case "string":
				this.#context.putText(at, String(value));
				return;
			case "list": {
				const items = itemsOf(value);
				const pointer = this.#list(type.element, items);
				this.#context.view.setUint32(at, pointer, true);
				this.#context.view.setUint32(at + 4, items.length, true);
				return;
			}
			case "own":
			case "borrow":
				this.#context.view.setUint32(at, this.#handle(type, value), true);
				return;
			case "record": {
				const offsets = offsetsOf(type.fields.map((field) => field.type));
				for (const [index, field] of type.fields.entries()) this.store(field.type, at + (offsets[index] ?? 0), member(value, field.name));
				return;
			}
			case "tuple": {
				const offsets = offsetsOf(type.items);
				const items = itemsOf(value);
				for (const [index, item] of type.items.entries()) this.store(item, at + (offsets[index] ?? 0), items[index]);
				return;
			}
			case "enum":
				this.#discriminant(layoutOf(type).size, at, type.names.indexOf(String(value)));
				return;
			case "flags":
				this.#discriminant(layoutOf(type).size, at, bitsOf(type.names, value));
				return;
			default: {
				const cases = casesOf(type);
				const index = cases.findIndex(({ name }) => name === member(value, "tag"));
				this.#discriminant(discriminantSize(cases.length), at, index);
				const payload = cases[index]?.type;
				if (payload !== undefined) this.store(payload, at + payloadOffset(cases), member(value, "val"));
			}
		}
	}

	/** Returns a value as core values. */
	flat(type: ValueType, value: unknown): unknown[] {
		switch (type.kind) {
			case "bool":
				return [value === true ? 1 : 0];
			case "char":
				return [codePointOf(String(value))];
			case "string": {
				const pointer = this.#context.allocText(String(value));
				return [pointer, this.#context.length];
			}
			case "list": {
				const items = itemsOf(value);
				return [this.#list(type.element, items), items.length];
			}
			case "own":
			case "borrow":
				return [this.#handle(type, value)];
			case "record":
				return type.fields.flatMap((field) => this.flat(field.type, member(value, field.name)));
			case "tuple": {
				const items = itemsOf(value);
				return type.items.flatMap((item, index) => this.flat(item, items[index]));
			}
			case "enum":
				return [type.names.indexOf(String(value))];
			case "flags":
				return [bitsOf(type.names, value)];
			case "variant":
			case "option":
			case "result": {
				const cases = casesOf(type);
				const index = cases.findIndex(({ name }) => name === member(value, "tag"));
				const [, ...joined] = layoutOf(type).flat;
				const payload = cases[index]?.type;
				const own = payload === undefined ? [] : this.flat(payload, member(value, "val"));
				const wanted = payload === undefined ? [] : layoutOf(payload).flat;
				return [index, ...joined.map((flat, at) => rejoin(own[at], wanted[at], flat))];
			}
			default:
				return [value];
		}
	}

	#list(element: ValueType, items: readonly unknown[]): number {
		const { size, alignment } = layoutOf(element);
		const pointer = this.#context.alloc(alignment, items.length * size);
		for (const [index, item] of items.entries()) this.store(element, pointer + index * size, item);
		return pointer;
	}

	#handle({ kind, resource }: Extract<ValueType, { kind: "own" | "borrow" }>, value: unknown): number {
		const { component } = this.#context;
		const type = this.#resource(resource);
		if (kind === "own") return component.add(type, value);
		// The instance that defines a resource receives its representation, not a handle.
		if (type.owner === component) return Number(value);
		component.borrows += 1;
		return component.add(type, value, false);
	}

	#discriminant(size: number, at: number, value: number): void {
		const { view } = this.#context;
		if (size === 1) view.setUint8(at, value);
		else if (size === 2) view.setUint16(at, value, true);
		else view.setUint32(at, value, true);
	}
}

/** Turns a core value of a case's own type into one of the type that all cases share. */
function rejoin(value: unknown, from: FlatType | undefined, to: FlatType): unknown {
	if (from === undefined) return to === "i64" ? 0n : 0;
	if (from === to) return value;
	if (to === "i32") return bitsOfF32(Number(value));
	if (from === "f64") return bitsOfF64(Number(value));
	return BigInt((from === "f32" ? bitsOfF32(Number(value)) : Number(value)) >>> 0);
}

function bitsOf(names: readonly string[], value: unknown): number {
	return names.reduce((bits, name, index) => (value instanceof Map && value.get(name) === true ? bits | (1 << index) : bits), 0);
}

function itemsOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function member(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function bigintOf(value: unknown): bigint {
	return typeof value === "bigint" ? value : BigInt(Number(value));
}
