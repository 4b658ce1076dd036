/** The functions that a component can be linked to: those whose types the canonical ABI of synchronous functions carries. */
import { childTypes } from "../build-abi.ts";
import type { Func, TypeDef, TypeRef } from "../model.ts";

/** Bounds of one function's types. The engine refuses components with larger ones, and generated code would nest as deeply. */
const MAX_DEPTH = 60;
const MAX_SIZE = 20_000;

/** Returns what a function needs that the engine does not have, e.g. `a stream`. Undefined for a function that can be called. */
export function notCallable(func: Func): string | undefined {
	if (func.async) return "an asynchronous function";
	const types = [...func.params.map((param) => param.type), ...(func.result === undefined ? [] : [func.result])];
	for (const type of types) {
		const found = typesBelow(type).find((each) => notCarried(each) !== undefined);
		if (found !== undefined) return notCarried(found);
	}
	const { depth, size } = new Measures().ofAll(types);
	return depth > MAX_DEPTH || size > MAX_SIZE ? "types nested too deeply" : undefined;
}

function notCarried(type: TypeRef): string | undefined {
	if (type.kind === "stream" || type.kind === "future" || type.kind === "map") return `a ${type.kind}`;
	if (type.kind === "list" && type.length !== undefined) return "a list of fixed length";
	return type.kind === "primitive" && type.name === "error-context" ? "an error-context" : undefined;
}

/** A type and all types that its values consist of, each definition once. */
export function typesBelow(type: TypeRef): TypeRef[] {
	const found: TypeRef[] = [type];
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

interface Measure {
	readonly depth: number;
	/** Number of types, each as often as it occurs. */
	readonly size: number;
}

/** Depths and sizes of types. Each is measured after its parts, by a stack of this class: no input can exhaust that of JavaScript. */
class Measures {
	readonly #known = new Map<TypeRef | TypeDef, Measure>();

	ofAll(types: readonly TypeRef[]): Measure {
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

	#sum(parts: readonly TypeRef[]): Measure {
		let depth = 0;
		let size = 0;
		for (const part of parts) {
			const known = this.#known.get(idOf(part)) ?? { depth: 0, size: 0 };
			depth = Math.max(depth, known.depth);
			size += known.size;
		}
		return { depth: depth + 1, size: size + 1 };
	}
}

function idOf(type: TypeRef): TypeRef | TypeDef {
	return type.kind === "named" ? type.def : type;
}
