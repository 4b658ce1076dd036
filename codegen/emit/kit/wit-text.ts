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

/** `send: func() -> result<response, error>;`, broken where it is long. */
export function functionParts(func: Func): TextPart[] {
	const words = `${func.kind === "static" ? "static " : ""}${func.async ? "async " : ""}func`;
	const head = func.kind === "constructor" ? "constructor" : `${func.name}: ${words}`;
	const params = func.params.map(({ name, type }) => [{ text: `${name}: ` }, ...typeParts(type)]);
	const result = func.result === undefined ? [] : [{ text: " -> " }, ...typeParts(func.result)];
	const line = [{ text: `${head}(` }, ...separated(params), { text: ")" }, ...result, { text: ";" }];
	if (textOf(line).length <= 100) return line;
	const lines = params.flatMap((param) => [{ text: "    " }, ...param, { text: ",\n" }]);
	return [{ text: `${head}(\n` }, ...lines, { text: ")" }, ...result, { text: ";" }];
}

export function textOf(parts: readonly TextPart[]): string {
	return parts.map((part) => part.text).join("");
}

function generic(name: string, args: readonly (TypeRef | undefined)[], suffix = ""): TextPart[] {
	const inner = args.map((arg) => (arg === undefined ? [{ text: "_" }] : typeParts(arg)));
	return [{ text: `${name}<` }, ...separated(inner), { text: `${suffix}>` }];
}

function separated(items: readonly (readonly TextPart[])[]): TextPart[] {
	return items.flatMap((item, index) => (index === 0 ? item : [{ text: ", " }, ...item]));
}
