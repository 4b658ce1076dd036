/** The expressions that carry arguments to the host and results back. */

import { passesHandles } from "../../model/carried/handles.ts";
import type { TypeRef } from "../../model/model.ts";
import { argumentToIr, functionFromIr, lambdaBody, resultFromIr } from "../kit/conversion/expressions.ts";
import type { ComponentScope } from "./scope.ts";

/** `value` as the host's implementation takes it. `path` names it in errors. */
export function argument(type: TypeRef, value: string, path: string, scope: ComponentScope): string {
	if (type.kind === "handle") return `${value}.${type.mode === "own" ? "$release()" : "$value"}`;
	if (passesHandles(type)) return insideToHost(type, value, path, scope);
	return argumentToIr(type, value, JSON.stringify(path), scope);
}

/** A function `(value, path) => …` that turns what the host returns into what the component takes. */
export function lowering(type: TypeRef | undefined, scope: ComponentScope): string {
	if (type === undefined) return scope.runtimeValue("lowerVoid");
	if (type.kind === "handle") return `(value) => new ${scope.handleClass(type.def)}(value, context)`;
	if (type.kind === "option") {
		if (passesHandles(type)) return `(value) => (value === undefined ? undefined : ${called(type.some, scope)})`;
		return `(value, path) => ${lambdaBody(resultFromIr(type, "value", "path", scope))}`;
	}
	if (type.kind === "list" && passesHandles(type)) return `(values) => values.map((value) => ${called(type.element, scope)})`;
	return functionFromIr(type, scope);
}

function insideToHost(type: TypeRef, value: string, path: string, scope: ComponentScope): string {
	if (type.kind === "list") return `${value}.map((item) => ${argument(type.element, "item", path, scope)})`;
	return type.kind === "option" ? `${value} === undefined ? undefined : ${argument(type.some, value, path, scope)}` : value;
}

/** A lowering applied to `value` in place. */
function called(type: TypeRef, scope: ComponentScope): string {
	if (type.kind === "handle") return `new ${scope.handleClass(type.def)}(value, context)`;
	return `(${lowering(type, scope)})(value)`;
}
