/** Random types of the canonical ABI: their WIT, their keys, random values, and the shape that the host receives values in. */
import fc from "fast-check";
import { camelCase } from "../../codegen/model/names/spelling.ts";
import {
	caseIn,
	casesOf,
	fieldIn,
	fieldsOf,
	flagsIn,
	integerIn,
	listIn,
	numberIn,
	type Primitive,
	resourceIn,
	type Type,
	type Value,
} from "./canonical-abi.ts";

type Gen = fc.GeneratorValue;

const PRIMITIVES = ["bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string"] as const;
/** Names that mean something in WIT, in JavaScript or in the generated code. */
const WORDS = [
	"type",
	"class",
	"record",
	"context",
	"value",
	"constructor",
	"at",
	"target",
	"undefined",
	"view",
	"a-b",
	"XML",
	"tag",
	"await",
];

/** Handles that a type may hold. Only parameters may hold borrowed handles. */
export type Handles = "none" | "own" | "own-or-borrow";

/** Makes the types of one interface: their definitions are gathered. */
export class RandomTypes {
	readonly definitions = new Map<string, Type>();
	readonly #gen: Gen;

	constructor(gen: Gen) {
		this.#gen = gen;
	}

	type(depth: number, handles: Handles): Type {
		const inner = (): Type => this.type(depth - 1, handles);
		const kind = this.#pick(
			depth === 0
				? (["primitive", "enum", "flags", "handle"] as const)
				: (["primitive", "list", "option", "tuple", "result", "record", "variant", "enum", "flags", "handle"] as const),
		);
		switch (kind) {
			case "list":
			case "option":
				return { kind, of: inner() };
			case "tuple":
				return { kind, items: this.#several(3, inner) };
			case "result":
				return { kind, ok: this.#maybe(inner), err: this.#maybe(inner) };
			case "record": {
				const labels = this.#labels(4);
				return this.#define((name) => ({ kind, name, fields: labels.map((label) => ({ label, type: inner() })) }));
			}
			case "variant": {
				const labels = this.#labels(4);
				return this.#define((name) => ({ kind, name, cases: labels.map((label) => ({ label, type: this.#maybe(inner) })) }));
			}
			case "enum":
			case "flags": {
				const count = kind === "enum" ? this.#pick([1, 2, 5, 257]) : this.#pick([1, 8, 9, 16, 17, 32]);
				return this.#define((name) => ({ kind, name, labels: Array.from({ length: count }, (_, index) => `x${index}`) }));
			}
			case "handle":
				if (handles === "none") break;
				return { kind: handles === "own" ? "own" : this.#pick(["own", "borrow"]) };
		}
		return { kind: "primitive", name: this.#pick(PRIMITIVES) };
	}

	/** WIT of the definitions. */
	wit(): string {
		return [...this.definitions.values()].map((type) => `  ${definitionText(type)}\n`).join("");
	}

	#define(make: (name: string) => Type & { readonly name: string }): Type {
		const name = `t${this.definitions.size}`;
		// Holds the name while parts of the type take others.
		this.definitions.set(name, { kind: "own" });
		const type = make(name);
		this.definitions.set(name, type);
		return type;
	}

	#labels(max: number): string[] {
		return [...new Set(this.#several(max, () => this.#pick(WORDS)))];
	}

	#maybe(make: () => Type): Type | undefined {
		return this.#gen(fc.boolean) ? make() : undefined;
	}

	#several<Item>(max: number, make: () => Item): Item[] {
		return Array.from({ length: this.#gen(fc.integer, { min: 1, max }) }, make);
	}

	#pick<Item>(items: readonly Item[]): Item {
		return this.#gen(fc.constantFrom, ...items);
	}
}

/** A type as WIT refers to it. Handles are those of the resource `thing`. */
export function reference(type: Type): string {
	switch (type.kind) {
		case "primitive":
			return type.name;
		case "list":
		case "option":
			return `${type.kind}<${reference(type.of)}>`;
		case "tuple":
			return `tuple<${type.items.map(reference).join(", ")}>`;
		case "result": {
			if (type.ok === undefined && type.err === undefined) return "result";
			const ok = type.ok === undefined ? "_" : reference(type.ok);
			return `result<${ok}${type.err === undefined ? "" : `, ${reference(type.err)}`}>`;
		}
		case "own":
			return "thing";
		case "borrow":
			return "borrow<thing>";
		default:
			return type.name;
	}
}

function definitionText(type: Type): string {
	switch (type.kind) {
		case "record":
			return `record ${type.name} { ${type.fields.map((field) => `%${field.label}: ${reference(field.type)}`).join(", ")} }`;
		case "variant":
			return `variant ${type.name} { ${type.cases.map((each) => `%${each.label}${each.type === undefined ? "" : `(${reference(each.type)})`}`).join(", ")} }`;
		case "enum":
		case "flags":
			return `${type.kind} ${type.name} { ${type.labels.join(", ")} }`;
		default:
			return "";
	}
}

/** The structural key of a type. `resource` is the resource of its handles. */
export function keyOf(type: Type | undefined, resource: string): string {
	const key = (inner: Type | undefined): string => keyOf(inner, resource);
	if (type === undefined) return "_";
	switch (type.kind) {
		case "primitive":
			return type.name;
		case "list":
		case "option":
			return `${type.kind}<${key(type.of)}>`;
		case "tuple":
			return `tuple<${type.items.map(key).join(",")}>`;
		case "result":
			return `result<${key(type.ok)},${key(type.err)}>`;
		case "record":
			return `record{${type.fields.map((field) => `${field.label}:${key(field.type)}`).join(",")}}`;
		case "variant":
			return `variant{${type.cases.map((each) => (each.type === undefined ? each.label : `${each.label}:${key(each.type)}`)).join(",")}}`;
		case "enum":
		case "flags":
			return `${type.kind}{${type.labels.join(",")}}`;
		default:
			return `${type.kind}<${resource}>`;
	}
}

const RANGES: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = {
	u8: [0n, 2n ** 8n - 1n],
	u16: [0n, 2n ** 16n - 1n],
	u32: [0n, 2n ** 32n - 1n],
	u64: [0n, 2n ** 64n - 1n],
	s8: [-(2n ** 7n), 2n ** 7n - 1n],
	s16: [-(2n ** 15n), 2n ** 15n - 1n],
	s32: [-(2n ** 31n), 2n ** 31n - 1n],
	s64: [-(2n ** 63n), 2n ** 63n - 1n],
};

export function randomValue(gen: Gen, type: Type): Value {
	const fields = fieldsOf(type);
	if (fields !== undefined) return { record: new Map(fields.map((field) => [field.label, randomValue(gen, field.type)])) };
	const cases = casesOf(type);
	if (cases !== undefined) {
		const found = gen(fc.constantFrom, ...cases);
		return { label: found.label, value: found.type && randomValue(gen, found.type) };
	}
	switch (type.kind) {
		case "flags":
			return { flags: new Set(type.labels.filter(() => gen(fc.boolean))) };
		case "list":
			return Array.from({ length: gen(fc.nat, { max: 3 }) }, () => randomValue(gen, type.of));
		case "primitive":
			return randomPrimitive(gen, type.name);
		default:
			return { resource: { id: gen(fc.nat) } };
	}
}

function randomPrimitive(gen: Gen, name: Primitive): Value {
	const [min, max] = RANGES[name] ?? [];
	if (min !== undefined && max !== undefined) return gen(fc.bigInt, { min, max });
	if (name === "bool") return gen(fc.boolean);
	if (name === "f32") return gen(fc.float);
	if (name === "f64") return gen(fc.double);
	return gen(fc.string, name === "char" ? { unit: "binary", minLength: 1, maxLength: 1 } : { unit: "binary", maxLength: 40 });
}

const VECTORS: Readonly<Record<string, (values: readonly Value[]) => unknown>> = {
	u8: (values) => Uint8Array.from(values.map(integerIn), Number),
	s8: (values) => Int8Array.from(values.map(integerIn), Number),
	u16: (values) => Uint16Array.from(values.map(integerIn), Number),
	s16: (values) => Int16Array.from(values.map(integerIn), Number),
	u32: (values) => Uint32Array.from(values.map(integerIn), Number),
	s32: (values) => Int32Array.from(values.map(integerIn), Number),
	u64: (values) => BigUint64Array.from(values.map(integerIn)),
	s64: (values) => BigInt64Array.from(values.map(integerIn)),
	f32: (values) => Float32Array.from(values.map(numberIn)),
	f64: (values) => Float64Array.from(values.map(numberIn)),
};

/** A value as the host receives and passes it. */
export function hostShape(value: Value, type: Type): unknown {
	switch (type.kind) {
		case "primitive":
			return typeof value === "bigint" && !type.name.endsWith("64") ? Number(value) : value;
		case "list": {
			const vector = type.of.kind === "primitive" ? VECTORS[type.of.name] : undefined;
			return vector === undefined ? listIn(value).map((item) => hostShape(item, type.of)) : vector(listIn(value));
		}
		case "tuple":
			return type.items.map((item, index) => hostShape(fieldIn(value, String(index)), item));
		case "record":
			return Object.fromEntries(type.fields.map((field) => [camelCase(field.label), hostShape(fieldIn(value, field.label), field.type)]));
		case "flags":
			return Object.fromEntries(type.labels.map((label) => [label, flagsIn(value).has(label)]));
		case "enum":
			return caseIn(value).label;
		case "own":
		case "borrow":
			return resourceIn(value);
		default:
			return hostCase(value, type);
	}
}

function hostCase(value: Value, type: Type): unknown {
	const { label, value: payload } = caseIn(value);
	const payloadType = casesOf(type)?.find((each) => each.label === label)?.type;
	const val = payload === undefined || payloadType === undefined ? undefined : hostShape(payload, payloadType);
	if (type.kind === "option" && type.of.kind !== "option") return val;
	return type.kind === "variant" && payloadType === undefined ? { tag: label } : { tag: label, val };
}
