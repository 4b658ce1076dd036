/** Types as the lock writes them: WIT syntax, every name with the interface that declares it, aliases not followed. */
import type { Func, PackageId, TypeDef, TypeRef } from "../model/model.ts";

/** `cchat.request`; types of other packages as `wasi:io/poll@0.2.0.pollable`. */
export function qualifiedName(def: TypeDef, main: PackageId): string {
	const { owner } = def;
	const home = owner.kind === "world" ? `world ${owner.name}` : owner.name;
	const id = owner.package;
	if (id.namespace === main.namespace && id.name === main.name) return `${home}.${def.name}`;
	return `${id.namespace}:${id.name}/${home}${id.version === undefined ? "" : `@${id.version}`}.${def.name}`;
}

export function typeText(type: TypeRef, main: PackageId): string {
	const text = (inner: TypeRef | undefined): string => (inner === undefined ? "_" : typeText(inner, main));
	switch (type.kind) {
		case "primitive":
			return type.name;
		case "list":
			return type.length === undefined ? `list<${text(type.element)}>` : `list<${text(type.element)}, ${type.length}>`;
		case "map":
			return `map<${text(type.key)}, ${text(type.value)}>`;
		case "option":
			return `option<${text(type.some)}>`;
		case "result":
			if (type.err !== undefined) return `result<${text(type.ok)}, ${text(type.err)}>`;
			return type.ok === undefined ? "result" : `result<${text(type.ok)}>`;
		case "tuple":
			return `tuple<${type.items.map(text).join(", ")}>`;
		case "named":
			return qualifiedName(type.def, main);
		case "handle":
			return `${type.mode}<${qualifiedName(type.def, main)}>`;
		case "stream":
		case "future":
			return type.element === undefined ? type.kind : `${type.kind}<${text(type.element)}>`;
	}
}

/** `static async func(name: string) -> u32` */
export function functionText(func: Func, main: PackageId): string {
	const params = func.params.map((param) => `${param.name}: ${typeText(param.type, main)}`).join(", ");
	const words = [
		...(func.kind === "static" || func.kind === "constructor" ? [func.kind] : []),
		...(func.async ? ["async"] : []),
		`func(${params})`,
		...(func.result === undefined ? [] : ["->", typeText(func.result, main)]),
	];
	return words.join(" ");
}
