import { camel } from "../import-object.ts";
import type { KeyMember, KeyType } from "./key-parser.ts";

/** A part of a value that is not of its type. */
export interface Mismatch {
	/** From the value to the part, e.g. `[2].note`. Empty for the value itself. */
	readonly path: string;
	/** The values of the type, e.g. `an integer from 0 to 255`. */
	readonly wanted: string;
	readonly got: unknown;
}

/** The objects of the host for resources that a guest implements, as far as one call may pass them. */
export interface PassedObjects {
	/** Notes that the call passes an object. Returns false for an object that it cannot pass, or not so. */
	pass(value: unknown, resource: string, mode: "own" | "borrow"): boolean;
}

/** Returns the first part of a value that is not of a type. A sound value costs no allocation. */
export type ValueCheck = (value: unknown, objects: PassedObjects) => Mismatch | undefined;

/** Longest text that a message shows of a value or of the names of a type, in characters. */
const MAX_SHOWN = 60;

const INTEGERS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
	["u8", [0, 0xff]],
	["s8", [-0x80, 0x7f]],
	["u16", [0, 0xffff]],
	["s16", [-0x8000, 0x7fff]],
	["u32", [0, 0xffff_ffff]],
	["s32", [-0x8000_0000, 0x7fff_ffff]],
]);

const BIGINTS: ReadonlyMap<string, readonly [least: bigint, most: bigint]> = new Map([
	["u64", [0n, 2n ** 64n - 1n]],
	["s64", [-(2n ** 63n), 2n ** 63n - 1n]],
]);

const TYPED_ARRAYS: ReadonlyMap<string, string> = new Map([
	["u8", "Uint8Array"],
	["s8", "Int8Array"],
	["u16", "Uint16Array"],
	["s16", "Int16Array"],
	["u32", "Uint32Array"],
	["s32", "Int32Array"],
	["u64", "BigUint64Array"],
	["s64", "BigInt64Array"],
	["f32", "Float32Array"],
	["f64", "Float64Array"],
]);

export function checkOf(type: KeyType): ValueCheck {
	switch (type.kind) {
		case "primitive":
			return primitiveCheck(type.name);
		case "list":
			return listCheck(type.item);
		case "option": {
			const some = checkOf(type.item);
			if (type.item.kind === "option") return taggedCheck([{ name: "none" }, { name: "some", type: type.item }]);
			return (value, objects) => (value === undefined ? undefined : some(value, objects));
		}
		case "tuple":
			return tupleCheck(type.items.map(checkOf));
		case "result":
			return taggedCheck([sideOf("ok", type.ok), sideOf("err", type.err)]);
		case "record":
			return recordCheck(type.members.flatMap(({ name, type: of }) => (of === undefined ? [] : [[camel(name), checkOf(of)] as const])));
		case "variant":
			return taggedCheck(type.members);
		case "enum": {
			const names = new Set<unknown>(type.names);
			return mismatch(`one of ${listed(type.names)}`, (value) => names.has(value));
		}
		case "flags":
			return recordCheck(type.names.map((name) => [camel(name), FLAG] as const));
		case "own":
		case "borrow":
			return handleCheck(type);
	}
}

/** A value as messages show it: its text, or its kind. */
export function shown(value: unknown): string {
	switch (typeof value) {
		case "string":
			return value.length > MAX_SHOWN
				? `${JSON.stringify(value.slice(0, MAX_SHOWN))} and ${value.length - MAX_SHOWN} more`
				: JSON.stringify(value);
		case "bigint":
			return `${value}n`;
		case "object":
			if (value === null) return "null";
			if (Array.isArray(value)) return `an array of ${value.length}`;
			if (ArrayBuffer.isView(value)) return withArticle(Object.prototype.toString.call(value).slice("[object ".length, -1));
			return value instanceof Promise ? "a promise" : "an object";
		case "function":
			return "a function";
		default:
			return String(value);
	}
}

function mismatch(wanted: string, isSound: (value: unknown) => boolean): ValueCheck {
	return (value) => (isSound(value) ? undefined : { path: "", wanted, got: value });
}

function handleCheck({ kind, resource, isOfGuest }: Extract<KeyType, { kind: "own" | "borrow" }>): ValueCheck {
	if (!isOfGuest) return mismatch(`an object of \`${resource}\``, (value) => typeof value === "object" && value !== null);
	const wanted = `a \`${resource}\` of this instance that was not disposed of or given away`;
	return (value, objects) => (objects.pass(value, resource, kind) ? undefined : { path: "", wanted, got: value });
}

const FLAG = mismatch("true, false or undefined", (value) => typeof value === "boolean" || value === undefined);

function primitiveCheck(name: string): ValueCheck {
	const bounds = INTEGERS.get(name);
	if (bounds !== undefined) {
		const [least, most] = bounds;
		const isSound = (value: unknown): boolean => typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
		return mismatch(`an integer from ${least} to ${most}`, isSound);
	}
	const range = BIGINTS.get(name);
	if (range !== undefined) {
		const [least, most] = range;
		return mismatch(`a bigint from ${least} to ${most}`, (value) => typeof value === "bigint" && value >= least && value <= most);
	}
	switch (name) {
		case "bool":
			return mismatch("true or false", (value) => typeof value === "boolean");
		case "string":
			return mismatch("a string", (value) => typeof value === "string");
		case "char":
			return mismatch("a string of one character", isCharacter);
		default:
			return mismatch("a number", (value) => typeof value === "number");
	}
}

function isCharacter(value: unknown): boolean {
	if (typeof value !== "string") return false;
	const code = value.codePointAt(0);
	return code !== undefined && value.length === (code > 0xffff ? 2 : 1) && (code < 0xd800 || code > 0xdfff);
}

function listCheck(item: KeyType): ValueCheck {
	const array = item.kind === "primitive" ? TYPED_ARRAYS.get(item.name) : undefined;
	if (array !== undefined)
		return mismatch(withArticle(array), (value) => ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === array);
	const check = checkOf(item);
	return (value, objects) => {
		if (!Array.isArray(value)) return { path: "", wanted: "an array", got: value };
		for (let index = 0; index < value.length; index += 1) {
			const found = check(value[index], objects);
			if (found !== undefined) return within(`[${index}]`, found);
		}
		return undefined;
	};
}

function tupleCheck(checks: readonly ValueCheck[]): ValueCheck {
	return (value, objects) => {
		if (!Array.isArray(value) || value.length !== checks.length) return { path: "", wanted: `an array of ${checks.length}`, got: value };
		for (const [index, check] of checks.entries()) {
			const found = check(value[index], objects);
			if (found !== undefined) return within(`[${index}]`, found);
		}
		return undefined;
	};
}

function recordCheck(members: readonly (readonly [name: string, check: ValueCheck])[]): ValueCheck {
	return (value, objects) => {
		if (typeof value !== "object" || value === null) return { path: "", wanted: "an object", got: value };
		for (const [name, check] of members) {
			const found = check(Reflect.get(value, name), objects);
			if (found !== undefined) return within(`.${name}`, found);
		}
		return undefined;
	};
}

function sideOf(name: string, type: KeyType | undefined): KeyMember {
	return type === undefined ? { name } : { name, type };
}

function taggedCheck(members: readonly KeyMember[]): ValueCheck {
	const cases = new Map<unknown, ValueCheck | undefined>(members.map(({ name, type }) => [name, type && checkOf(type)]));
	const names = listed(members.map(({ name }) => name));
	return (value, objects) => {
		if (typeof value !== "object" || value === null) return { path: "", wanted: `an object whose \`tag\` is one of ${names}`, got: value };
		const tag: unknown = Reflect.get(value, "tag");
		const check = cases.get(tag);
		if (check === undefined) return cases.has(tag) ? undefined : { path: ".tag", wanted: `one of ${names}`, got: tag };
		const found = check(Reflect.get(value, "val"), objects);
		return found && within(".val", found);
	};
}

function withArticle(name: string): string {
	return `${name.startsWith("I") ? "an" : "a"} ${name}`;
}

function within(step: string, { path, wanted, got }: Mismatch): Mismatch {
	return { path: `${step}${path}`, wanted, got };
}

/** Names in quotes, as many as a message has room for. */
function listed(names: readonly string[]): string {
	const quoted = names.map((name) => JSON.stringify(name));
	const text = quoted.join(", ");
	if (text.length <= 2 * MAX_SHOWN) return text;
	const kept = quoted.slice(0, 5);
	return `${kept.join(", ")} and ${names.length - kept.length} more`;
}
