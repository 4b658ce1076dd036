/**
 * Conversions between WIT shape and IR shape, as TypeScript expressions. The convert modules are printed with these, and so are
 * the bindings' arguments and results.
 */

import { type ConvertedDef, UnsupportedType } from "../../../model/carried/data-types.ts";
import { irVector, jsonKindOf } from "../../../model/carried/ir-type.ts";
import { isNestedOption, typedArray } from "../../../model/carried/wit-type.ts";
import type { PrimitiveName, TypeRef } from "../../../model/model.ts";
import { snakeCase } from "../../../model/names/spelling.ts";
import { canFail } from "./can-fail.ts";

export type Direction = "to-ir" | "from-ir";

/** Helpers of `convert/runtime.ts` that expressions can call. */
export const RUNTIME_HELPERS = [
	"at",
	"item",
	"optional",
	"nullable",
	"mapList",
	"mapValues",
	"asString",
	"asChar",
	"asBool",
	"asNumber",
	"asU8",
	"asU16",
	"asU32",
	"asS8",
	"asS16",
	"asS32",
	"asBytes",
	"asFloats",
	"parseJson",
	"parseJsonObject",
	"stringifyJson",
	"lookup",
	"flagsFromIr",
	"unknownCase",
] as const;
export type RuntimeHelper = (typeof RUNTIME_HELPERS)[number];

/** Names of the functions that the printed file calls. Asking for a name imports it. */
export interface ConvertScope {
	/** E.g. `messageToIr` or `types.usageToIr`. */
	converter(def: ConvertedDef, direction: Direction): string;
	runtime(name: RuntimeHelper): string;
}

/** An enum that both shapes spell the same needs no conversion on its way in. */
export function isSameInBothShapes(def: ConvertedDef): boolean {
	return def.kind === "enum" && def.cases.every((item) => snakeCase(item.name) === item.name);
}

/**
 * `value`, in WIT shape, as an expression in IR shape. What the component passed is trusted to be of its type; only JSON text can be wrong.
 *
 * @param value an expression without side effects; it may be repeated
 * @param path an expression for where the value stands, used in errors
 */
export function toIr(type: TypeRef, value: string, path: string, scope: ConvertScope): string {
	const json = jsonKindOf(type);
	if (json !== undefined) return `${scope.runtime(json === "object" ? "parseJsonObject" : "parseJson")}(${value}, ${path})`;
	switch (type.kind) {
		case "primitive":
			return value;
		case "list":
			return listToIr(type, value, path, scope);
		case "map": {
			const [each, argument] = eachToIr(type.value, scope);
			return each === undefined
				? `Object.fromEntries(${value})`
				: `${scope.runtime("mapValues")}(Object.fromEntries(${value}), ${path}, ${argument})`;
		}
		case "option":
			if (isNestedOption(type)) return `${value}.tag === "none" ? null : { some: ${toIr(type.some, `${value}.val`, path, scope)} }`;
			return `${value} === undefined ? null : ${toIr(type.some, value, path, scope)}`;
		case "result": {
			const ok = type.ok === undefined ? "null" : toIr(type.ok, `${value}.val`, `${scope.runtime("at")}(${path}, "ok")`, scope);
			const err = type.err === undefined ? "null" : toIr(type.err, `${value}.val`, `${scope.runtime("at")}(${path}, "err")`, scope);
			return `${value}.tag === "ok" ? { ok: ${ok} } : { err: ${err} }`;
		}
		case "tuple":
			return `[${type.items.map((each, index) => toIr(each, `${value}[${index}]`, canFail(each) ? itemPath(path, index, scope) : path, scope)).join(", ")}]`;
		case "named": {
			const { def } = type;
			if (def.kind === "alias") return toIr(def.type, value, path, scope);
			if (isSameInBothShapes(def)) return value;
			return `${scope.converter(def, "to-ir")}(${value}${canFail(type) ? `, ${path}` : ""})`;
		}
		default:
			throw new UnsupportedType(`a ${type.kind} has no shape in the Canonical IR`, type.span);
	}
}

/** `value`, in IR shape, as an expression in WIT shape. The expression checks it: a wrong value must not reach the component. */
export function fromIr(type: TypeRef, value: string, path: string, scope: ConvertScope): string {
	if (type.kind === "tuple") {
		return `[${type.items.map((each, index) => fromIr(each, `${value}[${index}]`, itemPath(path, index, scope), scope)).join(", ")}]`;
	}
	if (type.kind === "result") return outcomeFromIr(type, value, path, scope);
	if (type.kind === "named" && type.def.kind === "alias" && jsonKindOf(type) === undefined)
		return fromIr(type.def.type, value, path, scope);
	if (type.kind === "option" && isNestedOption(type)) {
		return `${value} === null ? { tag: "none", val: undefined } : { tag: "some", val: ${fromIr(type.some, `${value}.some`, path, scope)} }`;
	}
	if (type.kind === "option") return `${scope.runtime("nullable")}(${value}, ${path}, ${functionFromIr(type.some, scope)})`;
	if (type.kind === "list" && typedArray(type) === undefined) {
		return `${scope.runtime("mapList")}(${value}, ${path}, ${functionFromIr(type.element, scope)})`;
	}
	if (type.kind === "list" && irVector(type) === undefined) {
		return `${typedArray(type)}.from(${scope.runtime("mapList")}(${value}, ${path}, ${functionFromIr(type.element, scope)}))`;
	}
	if (type.kind === "map") {
		return `new Map(Object.entries(${scope.runtime("mapValues")}(${value}, ${path}, ${functionFromIr(type.value, scope)})))`;
	}
	return `${functionFromIr(type, scope)}(${value}, ${path})`;
}

/** An argument of a hostcall: like `toIr`, but an option that is none is `undefined`, as an optional parameter is. */
export function argumentToIr(type: TypeRef, value: string, path: string, scope: ConvertScope): string {
	if (type.kind !== "option") return toIr(type, value, path, scope);
	if (isNestedOption(type)) return `${value}.tag === "none" ? undefined : ${toIr(type.some, `${value}.val`, path, scope)}`;
	const some = toIr(type.some, value, path, scope);
	return some === value ? value : `${value} === undefined ? undefined : ${some}`;
}

/** A result of a hostcall: like `fromIr`, but an option that is none is `undefined`. */
export function resultFromIr(type: TypeRef, value: string, path: string, scope: ConvertScope): string {
	if (type.kind !== "option") return fromIr(type, value, path, scope);
	if (isNestedOption(type)) {
		return `${value} === undefined ? { tag: "none", val: undefined } : { tag: "some", val: ${fromIr(type.some, value, path, scope)} }`;
	}
	return `${scope.runtime("optional")}(${value}, ${path}, ${functionFromIr(type.some, scope)})`;
}

/** The conversion as a function `(value, path) => …`: by name where there is one. */
export function functionFromIr(type: TypeRef, scope: ConvertScope): string {
	if (jsonKindOf(type) !== undefined) return scope.runtime("stringifyJson");
	if (type.kind === "primitive") return scope.runtime(checkOf(type.name, type));
	const vector = irVector(type);
	if (vector !== undefined) return scope.runtime(vector === "Uint8Array" ? "asBytes" : "asFloats");
	if (type.kind === "named") {
		return type.def.kind === "alias" ? functionFromIr(type.def.type, scope) : scope.converter(type.def, "from-ir");
	}
	return `(value, path) => ${lambdaBody(fromIr(type, "value", "path", scope))}`;
}

function listToIr(type: Extract<TypeRef, { kind: "list" }>, value: string, path: string, scope: ConvertScope): string {
	if (irVector(type) !== undefined) return value;
	if (typedArray(type) !== undefined) return `Array.from(${value})`;
	const [each, argument] = eachToIr(type.element, scope);
	if (each === undefined) return value;
	return canFail(type.element) ? `${scope.runtime("mapList")}(${value}, ${path}, ${argument})` : `${value}.map(${argument})`;
}

/** The conversion of an element and a function that does it; the first is undefined when the element stays as it is. */
function eachToIr(type: TypeRef, scope: ConvertScope): [string | undefined, string] {
	const expression = toIr(type, "value", "path", scope);
	if (expression === "value") return [undefined, ""];
	const byName = /^([\w.]+)\(value(?:, path)?\)$/.exec(expression)?.[1];
	if (byName !== undefined && byName !== "Array.from") return [expression, byName];
	return [expression, `(value${canFail(type) ? ", path" : ""}) => ${lambdaBody(expression)}`];
}

/** An arrow function's body: a conditional reads better in parentheses. */
export function lambdaBody(expression: string): string {
	return / \? .* : /.test(expression) ? `(${expression})` : expression;
}

function outcomeFromIr(type: Extract<TypeRef, { kind: "result" }>, value: string, path: string, scope: ConvertScope): string {
	const arm = (key: "ok" | "err", inner: TypeRef | undefined): string =>
		inner === undefined ? "undefined" : fromIr(inner, `${value}.${key}`, `${scope.runtime("at")}(${path}, "${key}")`, scope);
	return `"ok" in ${value} ? { tag: "ok", val: ${arm("ok", type.ok)} } : { tag: "err", val: ${arm("err", type.err)} }`;
}

function itemPath(path: string, index: number, scope: ConvertScope): string {
	return `${scope.runtime("item")}(${path}, ${index})`;
}

function checkOf(name: PrimitiveName, type: TypeRef): RuntimeHelper {
	switch (name) {
		case "bool":
			return "asBool";
		case "string":
			return "asString";
		case "char":
			return "asChar";
		case "f32":
		case "f64":
			return "asNumber";
		case "u64":
		case "s64":
		case "error-context":
			throw new UnsupportedType(`${name} has no shape in the Canonical IR`, type.span);
		default:
			return INTEGER_CHECKS[name];
	}
}

const INTEGER_CHECKS = { u8: "asU8", u16: "asU16", u32: "asU32", s8: "asS8", s16: "asS16", s32: "asS32" } as const;
