/** What the guest gets from a function that has no way to fail when the host's implementation fails all the same. */
import type { TypeRef } from "../../model/model.ts";
import { typedArray } from "../wit-shape/type-text.ts";
import { parameterName } from "./parameters.ts";
import type { HostFunction } from "./plan.ts";

/** An expression, or undefined where nothing can stand in: for a handle, a number, a record. */
export function fallbackOf(each: HostFunction): string | undefined {
	switch (each.ok?.kind) {
		case undefined:
		case "option":
			return "undefined";
		case "primitive":
			return each.ok.name === "bool" ? "true" : undefined;
		case "list":
			return allIndices(each) ?? emptyList(each.ok);
		default:
			return undefined;
	}
}

/** A function in the manner of `poll`: everything counts as ready, so that the guest asks each one and learns what is wrong. */
function allIndices({ func, ok }: HostFunction): string | undefined {
	const [param] = func.params;
	if (param === undefined || !isList(param.type, "handle") || ok?.kind !== "list") return undefined;
	const indices = ok.element.kind === "primitive" && ok.element.name === "u32";
	return indices ? `Uint32Array.from(${parameterName(param.name)}.keys())` : undefined;
}

function emptyList(type: TypeRef): string {
	const vector = typedArray(type);
	return vector === undefined ? "[]" : `new ${vector}()`;
}

function isList(type: TypeRef, element: TypeRef["kind"]): boolean {
	return type.kind === "list" && type.element.kind === element;
}
