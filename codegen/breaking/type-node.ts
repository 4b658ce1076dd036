/** Types as the comparison and the lock hold them: WIT syntax, every named type by its key, aliases not followed. */
import type { TypeDef, TypeRef } from "../model/model.ts";

/** A name with arguments: `list<rank.event>` is `list` with one argument, `list<u8, 4>` has two. */
export interface TypeNode {
	/** Name of a built-in type, key of a named type such as `rank.event`, a length, or `_` for an absent side. */
	readonly name: string;
	readonly args: readonly TypeNode[];
}

/** Deeper types than the reader of WIT accepts are refused in a lock. */
const MAX_DEPTH = 1000;

/** True for the key of a named type. Keys hold a full stop, and names of built-in types do not. */
export function isNamed(node: TypeNode): boolean {
	return node.name.includes(".");
}

/** Depth is bounded by the reader of WIT. */
export function nodeOf(type: TypeRef, keyOf: (def: TypeDef) => string): TypeNode {
	const inner = (each: TypeRef | undefined): TypeNode => (each === undefined ? leaf("_") : nodeOf(each, keyOf));
	const node = (name: string, ...args: TypeNode[]): TypeNode => ({ name, args });
	switch (type.kind) {
		case "primitive":
			return leaf(type.name);
		case "list":
			return node("list", inner(type.element), ...(type.length === undefined ? [] : [leaf(String(type.length))]));
		case "map":
			return node("map", inner(type.key), inner(type.value));
		case "option":
			return node("option", inner(type.some));
		case "result":
			if (type.err !== undefined) return node("result", inner(type.ok), inner(type.err));
			return type.ok === undefined ? leaf("result") : node("result", inner(type.ok));
		case "tuple":
			return node("tuple", ...type.items.map(inner));
		case "named":
			return leaf(keyOf(type.def));
		case "handle":
			return node(type.mode, leaf(keyOf(type.def)));
		case "stream":
		case "future":
			return type.element === undefined ? leaf(type.kind) : node(type.kind, inner(type.element));
	}
}

export function leaf(name: string): TypeNode {
	return { name, args: [] };
}

/** Depth is bounded by the reader of WIT and by `parseType`. */
export function typeText({ name, args }: TypeNode): string {
	return args.length === 0 ? name : `${name}<${args.map(typeText).join(", ")}>`;
}

/** Reads the text of `typeText`. Returns undefined for any other text. */
export function parseType(text: string): TypeNode | undefined {
	const root: { name: string; args: TypeNode[] } = { name: "", args: [] };
	const open = [root];
	let last: { name: string; args: TypeNode[] } | undefined;
	for (const [token] of text.matchAll(/[<>,]|[^<>,]+/g)) {
		const parent = open.at(-1);
		if (parent === undefined) return undefined;
		if (token === "<") {
			if (last === undefined || last.args.length > 0 || open.length > MAX_DEPTH) return undefined;
			open.push(last);
			last = undefined;
		} else if (token === ">" || token === ",") {
			if (last === undefined || parent === root) return undefined;
			last = token === ">" ? open.pop() : undefined;
		} else {
			if (last !== undefined) return undefined;
			last = { name: token.trim(), args: [] };
			if (last.name === "") return undefined;
			parent.args.push(last);
		}
	}
	return open.length === 1 && last !== undefined ? root.args[0] : undefined;
}

/** Keys of the named types inside a type, in order, repeated if they are. */
export function namesIn(node: TypeNode): string[] {
	const names: string[] = [];
	const waiting = [node];
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		if (isNamed(next)) names.push(next.name);
		for (let index = next.args.length - 1; index >= 0; index--) {
			const arg = next.args[index];
			if (arg !== undefined) waiting.push(arg);
		}
	}
	return names;
}
