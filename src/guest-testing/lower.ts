import { camel } from "../abi/component/import-object.ts";
import type { WitType } from "./wit-type.ts";

/** Returns the guest's object for the id of a handle. */
export type HandleOf = (id: number, resource: string) => object;

/**
 * Returns a value of the host as a QuickJS guest receives it: absent options are `null`, bytes are a Uint8Array, and any other list is an array.
 */
export function lower(value: unknown, type: WitType, handle: HandleOf): unknown {
	switch (type.kind) {
		case "none":
			return undefined;
		case "option":
			return value === undefined ? null : lower(value, inner(type.of), handle);
		case "list": {
			const of = inner(type.of);
			if (of.kind === "number" && of.name === "u8") return value;
			return isIterable(value) ? Array.from(value, (each) => lower(each, of, handle)) : [];
		}
		case "record": {
			const from = members(value);
			return Object.fromEntries(type.members.map(({ name, type: member }) => [camel(name), lower(from[camel(name)], member, handle)]));
		}
		case "variant": {
			const { tag, val } = members(value);
			const found = type.members.find(({ name }) => name === tag);
			return found === undefined || found.type.kind === "none" ? { tag } : { tag, val: lower(val, found.type, handle) };
		}
		case "own":
		case "borrow":
			return handle(Number(value), String(type.of));
		default:
			return value;
	}
}

function inner(of: WitType | string): WitType {
	if (typeof of === "string") throw new Error(`${of} is a resource`);
	return of;
}

function members(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isIterable(value: unknown): value is Iterable<unknown> {
	return typeof value === "object" && value !== null && Symbol.iterator in value;
}
