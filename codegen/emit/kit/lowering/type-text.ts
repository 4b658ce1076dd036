/** Types of lifted values as TypeScript text. The types are those of the WIT shape, and `unknown` for the host's object of a handle. */

import { isNestedOption, typedArray, witType } from "../../../model/carried/wit-type.ts";
import type { TypeRef } from "../../../model/model.ts";
import { resolved } from "./layout.ts";
import type { LoweringModule } from "./module.ts";

export function typeText(type: TypeRef, module: LoweringModule): string {
	switch (type.kind) {
		case "handle":
			return module.object(type.def);
		case "named": {
			const target = resolved(type);
			return target.kind === "handle" ? module.object(target.def) : module.shape(type.def);
		}
		case "list":
			return listClass(type) ?? `${elementType(type.element, module)}[]`;
		case "option": {
			const some = typeText(type.some, module);
			if (isNestedOption(type)) return `{ tag: "none"; val?: undefined } | { tag: "some"; val: ${some} }`;
			return some === "unknown" ? some : `${some} | undefined`;
		}
		case "result":
			return `${module.runtimeType("Result")}<${sideText(type.ok, module)}, ${sideText(type.err, module)}>`;
		case "tuple":
			return `[${type.items.map((item) => typeText(item, module)).join(", ")}]`;
		default:
			return witType(resolved(type), { named: (def) => module.shape(def) });
	}
}

/** The type of a list's element, in parentheses where it is a union. */
export function elementType(type: TypeRef, module: LoweringModule): string {
	const text = typeText(type, module);
	return type.kind === "option" && text.includes(" | ") ? `(${text})` : text;
}

/** The class of a list of numbers. Undefined for other lists. */
export function listClass(type: Extract<TypeRef, { kind: "list" }>): string | undefined {
	return typedArray(type);
}

function sideText(type: TypeRef | undefined, module: LoweringModule): string {
	return type === undefined ? "undefined" : typeText(type, module);
}
