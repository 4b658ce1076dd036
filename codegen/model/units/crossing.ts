/** The functions that a component can be linked to: those whose types the canonical ABI of synchronous functions carries. */
import { childTypes } from "../build-abi.ts";
import type { Func, TypeDef, TypeRef } from "../model.ts";

/** Most types in those of one function. The engine refuses components with more. */
const MAX_SIZE = 20_000;

/** Returns what a function needs that the engine does not have, e.g. `a stream`. Undefined for a function that can be called. */
export function notCallable(func: Func): string | undefined {
	if (func.async) return "an asynchronous function";
	const types = [...func.params.map((param) => param.type), ...(func.result === undefined ? [] : [func.result])];
	const lacking = typesBelow(types)
		.map(notCarried)
		.find((each) => each !== undefined);
	if (lacking !== undefined) return lacking;
	return new Sizes().ofAll(types) > MAX_SIZE ? `more than ${MAX_SIZE} types` : undefined;
}

function notCarried(type: TypeRef): string | undefined {
	if (type.kind === "stream" || type.kind === "future" || type.kind === "map") return `a ${type.kind}`;
	if (type.kind === "list" && type.length !== undefined) return "a list of fixed length";
	return type.kind === "primitive" && type.name === "error-context" ? "an error-context" : undefined;
}

/** Types and all types that their values consist of, the parts of each definition once. */
export function typesBelow(types: readonly TypeRef[]): TypeRef[] {
	const found = [...types];
	const seen = new Set<TypeDef>();
	for (const each of found) {
		if (each.kind === "named" && seen.has(each.def)) continue;
		if (each.kind === "named") seen.add(each.def);
		found.push(...partsOf(each));
	}
	return found;
}

/** The types directly inside another, those of a definition included. */
export function partsOf(type: TypeRef): TypeRef[] {
	if (type.kind !== "named") return childTypes(type);
	const { def } = type;
	if (def.kind === "record") return def.fields.map((field) => field.type);
	if (def.kind === "variant") return def.cases.flatMap((item) => (item.type === undefined ? [] : [item.type]));
	return def.kind === "alias" ? [def.type] : [];
}

/** Sizes of types: the number of types in one, each as often as it occurs. No recursion, so that no input can nest too deeply for it. */
class Sizes {
	readonly #known = new Map<TypeRef | TypeDef, number>();

	ofAll(types: readonly TypeRef[]): number {
		const stack = [...types];
		for (let type = stack.at(-1); type !== undefined; type = stack.at(-1)) {
			const parts = this.#known.has(idOf(type)) ? [] : partsOf(type);
			const missing = parts.filter((part) => !this.#known.has(idOf(part)));
			if (missing.length > 0) {
				stack.push(...missing);
				continue;
			}
			if (!this.#known.has(idOf(type))) this.#known.set(idOf(type), this.#sum(parts));
			stack.pop();
		}
		return this.#sum(types);
	}

	#sum(parts: readonly TypeRef[]): number {
		return parts.reduce((sum, part) => sum + (this.#known.get(idOf(part)) ?? 0), 1);
	}
}

function idOf(type: TypeRef): TypeRef | TypeDef {
	return type.kind === "named" ? type.def : type;
}
