/**
 * Structure of types as numbers: two types have equal structure if and only if their numbers are equal, on both sides of a comparison.
 * Names of records, variants, enums, flags and aliases do not count, as in the component model. A resource is known by its name.
 */
import { inOrder } from "./order.ts";
import type { FuncDecl, Surface, TypeDecl } from "./surface.ts";
import { isNamed, type TypeNode } from "./type-node.ts";

/** Shared by both sides, so that numbers can be compared. */
export class StructureTable {
	readonly #ids = new Map<string, number>();

	id(text: string): number {
		const known = this.#ids.get(text);
		if (known !== undefined) return known;
		this.#ids.set(text, this.#ids.size);
		return this.#ids.size - 1;
	}
}

export class Structures {
	readonly #table: StructureTable;
	readonly #ofType = new Map<string, number>();

	/** @param identity name of a resource, equal on both sides for what is one resource */
	constructor(surface: Surface, table: StructureTable, identity: (resource: string) => string) {
		this.#table = table;
		for (const decl of inOrder(surface)) this.#ofType.set(decl.key, this.#declared(decl, identity));
	}

	/** Depth is bounded by the reader of WIT. */
	of(node: TypeNode | undefined): number {
		if (node === undefined) return this.#table.id("_");
		if (isNamed(node)) return this.#ofType.get(node.name) ?? this.#table.id(`unknown ${node.name}`);
		return this.#table.id(`${node.name}<${node.args.map((arg) => this.of(arg)).join()}>`);
	}

	/** Of a function, without its name. */
	ofFunction({ kind, async: isAsync, params, result }: FuncDecl): number {
		const list = params.map(({ name, type }) => `${name}:${this.of(type)}`).join();
		return this.#table.id(`${kind} ${isAsync} (${list}) ${this.of(result)}`);
	}

	#declared(decl: TypeDecl, identity: (resource: string) => string): number {
		if (decl.kind === "resource") return this.#table.id(`resource ${identity(decl.key)}`);
		if (decl.target !== undefined) return this.of(decl.target);
		return this.#table.id(`${decl.kind}{${decl.parts.map(({ name, type }) => `${name}:${this.of(type)}`).join()}}`);
	}
}
