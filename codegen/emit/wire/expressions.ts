/** Conversions between the IR in memory and in JSON text, as TypeScript expressions. Values coming in were validated before. */

import { type ConvertedDef, UnsupportedType } from "../../model/carried/data-types.ts";
import { irVector, jsonKindOf } from "../../model/carried/ir-type.ts";
import { isNestedOption } from "../../model/carried/wit-type.ts";
import type { TypeRef } from "../../model/model.ts";
import type { WireDirection } from "./reach.ts";

/** Helpers of `ir/wire/runtime.ts`. */
export type WireHelper = "toBytes" | "toBase64";

/** Names of the functions that the printed file calls. Asking for a name imports it. */
export interface WireScope {
	/** E.g. `messageFromWire` or `types.usageToWire`. */
	converter(def: ConvertedDef): string;
	runtime(name: WireHelper): string;
	readonly direction: WireDirection;
}

/** Enums are spelt the same. Flags are too, but come in any order and go in ours. */
export function isSameOnWire(def: ConvertedDef, direction: WireDirection): boolean {
	return def.kind === "enum" || (def.kind === "flags" && direction === "to-wire");
}

/** @param value an expression without side effects; it may be repeated */
export function wireExpression(type: TypeRef, value: string, scope: WireScope): string {
	if (jsonKindOf(type) !== undefined) return value;
	switch (type.kind) {
		case "primitive":
			return type.name === "f32" && scope.direction === "from-wire" ? `Math.fround(${value})` : value;
		case "list":
			return listExpression(type, value, scope);
		case "map": {
			const each = wireExpression(type.value, "each", scope);
			return each === "each" ? value : `Object.fromEntries(Object.entries(${value}).map(([key, each]) => [key, ${each}]))`;
		}
		case "option": {
			if (isNestedOption(type)) {
				const inner = wireExpression(type.some, `${value}.some`, scope);
				return inner === `${value}.some` ? value : `${value} === null ? null : { some: ${inner} }`;
			}
			const some = wireExpression(type.some, value, scope);
			return some === value ? value : `${value} === null ? null : ${some}`;
		}
		case "result": {
			const arm = (name: "ok" | "err", inner: TypeRef | undefined): string =>
				`{ ${name}: ${inner === undefined ? "null" : wireExpression(inner, `${value}.${name}`, scope)} }`;
			return `"ok" in ${value} ? ${arm("ok", type.ok)} : ${arm("err", type.err)}`;
		}
		case "tuple":
			return `[${type.items.map((item, index) => wireExpression(item, `${value}[${index}]`, scope)).join(", ")}]`;
		case "named": {
			const { def } = type;
			if (def.kind === "alias") return wireExpression(def.type, value, scope);
			return isSameOnWire(def, scope.direction) ? value : `${scope.converter(def)}(${value})`;
		}
		default:
			throw new UnsupportedType(`a ${type.kind} cannot be written as JSON`, type.span);
	}
}

function listExpression(type: Extract<TypeRef, { kind: "list" }>, value: string, scope: WireScope): string {
	const vector = irVector(type);
	if (vector === "Uint8Array") return `${scope.runtime(scope.direction === "from-wire" ? "toBytes" : "toBase64")}(${value})`;
	if (vector === "Float32Array") return scope.direction === "from-wire" ? `Float32Array.from(${value})` : `Array.from(${value})`;
	const each = wireExpression(type.element, "each", scope);
	if (each === "each") return value;
	const byName = /^([\w.]+)\(each\)$/.exec(each)?.[1];
	if (byName !== undefined && !/\.(from|fround)$/.test(byName)) return `${value}.map(${byName})`;
	return `${value}.map((each) => ${/ \? .* : /.test(each) ? `(${each})` : each})`;
}
