/** The value that the guest gets from a function that has no way to fail, if the host's implementation fails all the same. */
import { isReadiness } from "../../model/abi.ts";
import { isNestedOption, typedArray } from "../../model/carried/wit-type.ts";
import type { HostFunction } from "../../model/host-interface.ts";
import type { TypeRef } from "../../model/model.ts";

/**
 * An expression, or undefined where no value can stand in: for a handle, a number, a record.
 *
 * @param params names of the function's parameters
 */
export function fallbackOf(each: HostFunction, params: readonly string[]): string | undefined {
	switch (each.ok?.kind) {
		case undefined:
		case "option":
			return each.ok?.kind === "option" && isNestedOption(each.ok) ? `{ tag: "none" }` : "undefined";
		case "primitive":
			return each.ok.name === "bool" ? "true" : undefined;
		case "list":
			return allIndices(each, params) ?? emptyList(each.ok);
		default:
			return undefined;
	}
}

/** For a function that returns which of several handles are ready: all of them. The guest then uses each and learns what is wrong. */
function allIndices({ func, ok }: HostFunction, [name]: readonly string[]): string | undefined {
	const [param] = func.params;
	if (param === undefined || !isReadinessList(param.type) || ok?.kind !== "list") return undefined;
	const indices = ok.element.kind === "primitive" && ok.element.name === "u32";
	return indices ? `Uint32Array.from(${name}.keys())` : undefined;
}

function isReadinessList(type: TypeRef): boolean {
	return type.kind === "list" && type.element.kind === "handle" && isReadiness(type.element.def);
}

function emptyList(type: TypeRef): string {
	const vector = typedArray(type);
	return vector === undefined ? "[]" : `new ${vector}()`;
}
