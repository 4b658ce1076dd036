/** Types and functions as WIT text, with the names that the declaring interface uses itself. */
import type { Func, TypeRef } from "../../model/model.ts";

/** A piece of a type's text; those that name a definition carry it. */
export interface TextPart {
	readonly text: string;
	readonly names?: Extract<TypeRef, { kind: "named" | "handle" }>["def"];
}

export function typeParts(type: TypeRef): TextPart[] {
	switch (type.kind) {
		case "primitive":
			return [{ text: type.name }];
		case "list":
			return generic("list", [type.element], type.length === undefined ? "" : `, ${type.length}`);
		case "map":
			return generic("map", [type.key, type.value]);
		case "option":
			return generic("option", [type.some]);
		case "result":
			if (type.err !== undefined) return generic("result", [type.ok, type.err]);
			return type.ok === undefined ? [{ text: "result" }] : generic("result", [type.ok]);
		case "tuple":
			return generic("tuple", type.items);
		case "named":
			return [{ text: type.def.name, names: type.def }];
		case "handle":
			if (type.mode === "own") return [{ text: type.def.name, names: type.def }];
			return [{ text: "borrow<" }, { text: type.def.name, names: type.def }, { text: ">" }];
		case "stream":
		case "future":
			return type.element === undefined ? [{ text: type.kind }] : generic(type.kind, [type.element]);
	}
}

export function typeText(type: TypeRef): string {
	return typeParts(type)
		.map((part) => part.text)
		.join("");
}

/** `send: func() -> result<response, error>;`, broken where it is long. */
export function functionText(func: Func): string {
	const params = func.params.map((param) => `${param.name}: ${typeText(param.type)}`);
	const result = func.result === undefined ? "" : ` -> ${typeText(func.result)}`;
	const words = `${func.kind === "static" ? "static " : ""}${func.async ? "async " : ""}func`;
	const head = func.kind === "constructor" ? "constructor" : `${func.name}: ${words}`;
	const line = `${head}(${params.join(", ")})${result};`;
	return line.length <= 100 ? line : `${head}(\n${params.map((param) => `    ${param},\n`).join("")})${result};`;
}

function generic(name: string, args: readonly (TypeRef | undefined)[], suffix = ""): TextPart[] {
	const inner = args.flatMap((arg, index) => [
		...(index === 0 ? [] : [{ text: ", " }]),
		...(arg === undefined ? [{ text: "_" }] : typeParts(arg)),
	]);
	return [{ text: `${name}<` }, ...inner, { text: `${suffix}>` }];
}
