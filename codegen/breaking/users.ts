/** Functions that carry each type, with the direction: findings name whom a change breaks. */
import { inOrder } from "./order.ts";
import type { Position } from "./rule.ts";
import { type Direction, directionsOf, type FuncDecl, type Surface, typesOf } from "./surface.ts";
import { namesIn, type TypeNode } from "./type-node.ts";

export interface Users {
	/** `argument`, `result` or both; `unused` alone if no function carries the type. */
	readonly positions: readonly Position[];
	/** The first names of functions by code units; no more than `MAX_NAMED` and one. */
	readonly functions: readonly string[];
}

const MAX_NAMED = 3;
const NOBODY: Users = { positions: ["unused"], functions: [] };

/** By the key of the type. A type without an entry is carried by no function. */
export class UserIndex {
	readonly #users = new Map<string, { readonly positions: Set<Position>; readonly functions: Set<string> }>();

	constructor(surface: Surface) {
		const directions = directionsOf(surface);
		for (const scope of surface.scopes.values()) {
			const inScope = directions.get(scope.key) ?? [];
			for (const func of scope.functions.values()) this.#addFunction(func, func.key, inScope);
			for (const decl of scope.types.values()) for (const func of decl.functions.values()) this.#addFunction(func, func.key, inScope);
			for (const { direction, name, target } of scope.ports.values())
				if (target.kind === "function") this.#addFunction(target.func, name, [direction]);
		}
		// A type comes before those that it is made of, so one pass reaches all.
		for (const decl of inOrder(surface).reverse()) {
			const users = this.#users.get(decl.key);
			if (users === undefined) continue;
			for (const name of typesOf(decl).flatMap(namesIn)) this.#add(name, users.positions, users.functions);
		}
	}

	of(key: string): Users {
		const users = this.#users.get(key);
		return users === undefined ? NOBODY : { positions: [...users.positions].sort(), functions: [...users.functions].sort() };
	}

	/** A guest passes arguments of an import, and receives those of an export. */
	#addFunction({ params, result }: FuncDecl, name: string, directions: readonly Direction[]): void {
		for (const direction of directions) {
			for (const { type } of params) this.#addType(type, direction === "import" ? "argument" : "result", name);
			if (result !== undefined) this.#addType(result, direction === "import" ? "result" : "argument", name);
		}
	}

	#addType(type: TypeNode, position: Position, name: string): void {
		for (const key of namesIn(type)) this.#add(key, [position], [name]);
	}

	#add(key: string, positions: Iterable<Position>, functions: Iterable<string>): void {
		const users = this.#users.get(key) ?? { positions: new Set(), functions: new Set() };
		this.#users.set(key, users);
		for (const position of positions) users.positions.add(position);
		for (const name of functions) users.functions.add(name);
		// Only the first names are kept: all of them would make the work quadratic.
		while (users.functions.size > MAX_NAMED + 1) users.functions.delete([...users.functions].sort().at(-1) ?? "");
	}
}

/** `guests built before that use \`a\`, \`b\` and others` */
export function guestsOf({ functions }: Users): string {
	if (functions.length === 0) return "guests built before";
	const shown = functions.slice(0, MAX_NAMED).map((name) => `\`${name}\``);
	if (functions.length > MAX_NAMED) return `guests built before that use ${shown.join(", ")} and others`;
	const last = shown.pop() ?? "";
	return `guests built before that use ${shown.length === 0 ? last : `${shown.join(", ")} or ${last}`}`;
}
