/** Type references as TypeScript text, as QuickJS gives values to a guest and takes them from it. */

import { UnsupportedType } from "../../../model/carried/data-types.ts";
import { typedArray } from "../../../model/carried/wit-type.ts";
import type { PrimitiveName, TypeDef, TypeRef } from "../../../model/model.ts";
import type { Direction } from "./direction.ts";

export type GuestEngine = "quickjs" | "starlingmonkey";

/** Names of the types that the printed module refers to. */
export interface GuestScope {
	/** E.g. `Message` or `types.Usage`; for a resource, its class. */
	named(def: TypeDef): string;
	/** The value that a function with that error throws, for its docs. */
	thrown(err: TypeRef): string;
	/**
	 * JavaScript engine that the guest is built with. The default is `quickjs`.
	 *
	 * - `quickjs`: integers of 64 bits are numbers, lists of numbers come as arrays, an absent option comes as `null`.
	 * - `starlingmonkey`: integers of 64 bits are of type `bigint`, lists of numbers are typed arrays, an absent option comes as `undefined`.
	 */
	readonly engine?: GuestEngine;
	/** True if streams, futures and error contexts have a type, as in the official mapping. */
	readonly allowsAsync?: true;
}

/** The type of a value that travels in `direction`. */
export function guestType(type: TypeRef, direction: Direction, scope: GuestScope): string {
	switch (type.kind) {
		case "primitive":
			return type.name === "error-context" && scope.allowsAsync === true ? "unknown" : primitive(type.name, type, scope);
		case "list":
			return numbers(type, direction, scope) ?? list(type.element, direction, scope);
		case "map":
			return `${direction === "sent" ? "ReadonlyMap" : "Map"}<${guestType(type.key, direction, scope)}, ${guestType(type.value, direction, scope)}>`;
		case "option":
			return optionType(type, direction, scope);
		case "result":
			return `${outcome("ok", type.ok, direction, scope)} | ${outcome("err", type.err, direction, scope)}`;
		case "tuple":
			return `[${type.items.map((item) => guestType(item, direction, scope)).join(", ")}]`;
		case "named":
		case "handle":
			return scope.named(type.def);
		default:
			if (scope.allowsAsync === true)
				return `${type.kind === "stream" ? "AsyncIterable" : "PromiseLike"}<${type.element === undefined ? "void" : guestType(type.element, direction, scope)}>`;
			throw new UnsupportedType(`a ${type.kind} cannot cross to a guest`, type.span);
	}
}

/** True if the value may be left out where it is a member: a guest may omit an absent option. */
export function isOmittable(type: TypeRef, direction: Direction): boolean {
	return direction !== "received" && type.kind === "option" && !isNested(type);
}

/** Only an option directly in an option is given with a tag. */
function optionType(type: Extract<TypeRef, { kind: "option" }>, direction: Direction, scope: GuestScope): string {
	const some = guestType(type.some, direction, scope);
	if (isNested(type)) return `{ tag: "some"; val: ${some} } | { tag: "none" }`;
	if (direction !== "received") return `${some} | null | undefined`;
	return `${some} | ${scope.engine === "starlingmonkey" ? "undefined" : "null"}`;
}

function isNested(type: Extract<TypeRef, { kind: "option" }>): boolean {
	let some = type.some;
	while (some.kind === "named" && some.def.kind === "alias") some = some.def.type;
	return some.kind === "option";
}

function outcome(tag: "ok" | "err", type: TypeRef | undefined, direction: Direction, scope: GuestScope): string {
	if (type === undefined) return `{ tag: "${tag}"; val?: undefined }`;
	return `{ tag: "${tag}"; val${isOmittable(type, direction) ? "?" : ""}: ${guestType(type, direction, scope)} }`;
}

function list(element: TypeRef, direction: Direction, scope: GuestScope): string {
	const text = guestType(element, direction, scope);
	const composed = element.kind === "option" || element.kind === "result" || text.startsWith("readonly ");
	return `${direction === "sent" ? "readonly " : ""}${composed ? `(${text})` : text}[]`;
}

const TYPED_ARRAYS: { readonly [name in PrimitiveName]?: string } = {
	u8: "Uint8Array",
	s8: "Int8Array",
	u16: "Uint16Array",
	s16: "Int16Array",
	u32: "Uint32Array",
	s32: "Int32Array",
	f32: "Float32Array",
	f64: "Float64Array",
};

/** Lists of numbers. QuickJS gives and takes bytes as typed arrays; all others come as arrays and may go as either. */
function numbers(type: Extract<TypeRef, { kind: "list" }>, direction: Direction, { engine }: GuestScope): string | undefined {
	if (engine === "starlingmonkey") return typedArray(type);
	if (type.element.kind !== "primitive") return undefined;
	const name = type.element.name;
	const typed = TYPED_ARRAYS[name];
	if (typed === undefined || name === "u8" || name === "s8") return typed;
	return direction === "sent" ? `readonly number[] | ${typed}` : "number[]";
}

function primitive(name: PrimitiveName, type: TypeRef, { engine }: GuestScope): string {
	if (name === "bool") return "boolean";
	if (name === "string" || name === "char") return "string";
	if (name === "u64" || name === "s64") return engine === "starlingmonkey" ? "bigint" : "number";
	if (name === "error-context") throw new UnsupportedType("an error-context cannot cross to a guest", type.span);
	return "number";
}
