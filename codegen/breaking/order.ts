/** Order of types in which each one comes after those that it is made of. */
import { allTypes, type Surface, type TypeDecl, typesOf } from "./surface.ts";
import { namesIn } from "./type-node.ts";

/** Types of a surface in dependency order. WIT has no recursive types, and a lock with one is refused. */
export function inOrder(surface: Surface): TypeDecl[] {
	return walk(surface).order;
}

/** True if a type holds itself. */
export function cycleIn(surface: Surface): boolean {
	return walk(surface).hasCycle;
}

function walk(surface: Surface): { readonly order: TypeDecl[]; readonly hasCycle: boolean } {
	const types = allTypes(surface);
	const order: TypeDecl[] = [];
	const state = new Map<string, "open" | "done">();
	let hasCycle = false;
	for (const root of types.keys()) {
		const waiting = [root];
		for (let key = waiting.at(-1); key !== undefined; key = waiting.at(-1)) {
			const decl = types.get(key);
			const seen = state.get(key);
			if (decl === undefined || seen !== undefined) {
				waiting.pop();
				if (decl !== undefined && seen === "open") order.push(decl);
				state.set(key, "done");
				continue;
			}
			state.set(key, "open");
			for (const name of dependencies(decl)) {
				if (state.get(name) === "open") hasCycle = true;
				else if (!state.has(name)) waiting.push(name);
			}
		}
	}
	return { order, hasCycle };
}

/** A resource depends on nothing: its functions may name any type, and are no part of its structure. */
function dependencies(decl: TypeDecl): string[] {
	return typesOf(decl).flatMap(namesIn);
}
