import { camel } from "../abi/component/import-object.ts";
import { MockTrap } from "./mock-trap.ts";
import type { WitType } from "./wit-type.ts";

const MIN_I32 = -(2 ** 31);
const MAX_I32 = 2 ** 31 - 1;

/** Returns the id of a handle. Throws for a value that is none, or was disposed. */
export type HandleIdOf = (value: unknown, place: string) => number;

/**
 * Returns a value of the guest as the host receives it, by the rules of a QuickJS guest. Members that a type does not name are left out. Whole
 * numbers are cut to 32 bits. Absent options are `undefined`. Handles become their ids.
 *
 * @param place Place of the value in the call, for messages.
 * @throws MockTrap for a value of another type. A component would trap.
 */
export function lift(value: unknown, type: WitType, place: string, handleId: HandleIdOf): unknown {
	switch (type.kind) {
		case "none":
			return undefined;
		case "string":
			if (typeof value !== "string") throw wrong(place, "text", value);
			if (!value.isWellFormed())
				throw new MockTrap(`${place}: the text has half a surrogate pair; a component traps here, so use toWellFormed()`);
			return value;
		case "bool":
			if (typeof value !== "boolean") throw wrong(place, "true or false", value);
			return value;
		case "number":
			if (typeof value !== "number") throw wrong(place, "a number", value);
			return type.name.startsWith("f") ? value : whole(value, type.name);
		case "option":
			return value === null || value === undefined ? undefined : lift(value, inner(type), place, handleId);
		case "list":
			return liftList(value, inner(type), place, handleId);
		case "record":
			if (!isObject(value)) throw wrong(place, "an object", value);
			return Object.fromEntries(
				type.members.map(({ name, type: member }) => {
					const key = camel(name);
					return [key, lift(value[key], member, `${place}.${key}`, handleId)];
				}),
			);
		case "variant": {
			if (!isObject(value)) throw wrong(place, "an object with tag and val", value);
			const { tag, val } = value;
			const found = type.members.find(({ name }) => name === tag);
			if (found === undefined)
				throw new MockTrap(
					`${place}: there is no case ${shown(tag)}; there are ${type.members.map(({ name }) => name).join(", ")}; a component traps here`,
				);
			return found.type.kind === "none" ? { tag } : { tag, val: lift(val, found.type, `${place}.val`, handleId) };
		}
		case "enum":
			if (typeof value !== "string" || !type.names.includes(value))
				throw new MockTrap(`${place}: there is no case ${shown(value)}; there are ${type.names.join(", ")}; a component traps here`);
			return value;
		case "flags":
			if (!isObject(value)) throw wrong(place, "an object", value);
			return Object.fromEntries(type.names.map((name) => [camel(name), value[camel(name)] === true]));
		case "own":
		case "borrow":
			return handleId(value, place);
		case "result":
			throw new Error("no function of the ABI has a parameter of type result");
	}
}

function liftList(value: unknown, of: WitType, place: string, handleId: HandleIdOf): unknown {
	const isBytes = of.kind === "number" && of.name === "u8";
	if (isBytes && value instanceof Uint8Array) return Uint8Array.from(value);
	if (!Array.isArray(value)) throw wrong(place, isBytes ? "a Uint8Array" : "an array", value);
	const items = Array.from(value, (each, index) => lift(each, of, `${place}[${index}]`, handleId));
	return isBytes ? Uint8Array.from(items, Number) : items;
}

/** Returns a number as QuickJS passes it: without its fraction, within 32 bits with sign, and then as the type of the ABI. */
function whole(value: number, name: string): number {
	const cut = Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value, MIN_I32), MAX_I32));
	return name === "u32" ? cut >>> 0 : name === "u8" ? cut & 0xff : name === "u16" ? cut & 0xffff : cut;
}

function inner(type: { readonly of: WitType | string }): WitType {
	if (typeof type.of === "string") throw new Error(`${type.of} is a resource`);
	return type.of;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}

function wrong(place: string, expected: string, value: unknown): MockTrap {
	return new MockTrap(`${place}: it must be ${expected}, and is ${shown(value)}; a component traps here`);
}

function shown(value: unknown): string {
	if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
	return value === null || typeof value !== "object" ? String(value) : Array.isArray(value) ? "an array" : "an object";
}
