import { malformed } from "../../binary/byte-reader.ts";
import type { Alias, Declaration } from "../binary/definition.ts";
import { quoted, requireNewName } from "../binary/read-label.ts";
import type { AnyType, DeclaredType, InstanceItem, Item, ItemScope } from "./item.ts";
import { isResource, makeType } from "./make-type.ts";
import type { PlanBudget } from "./plan-budget.ts";
import { Scope } from "./scope.ts";
import { type Supply, wantedBy } from "./supply.ts";

/** Deepest nesting of instances in the types of instances. */
const MAX_DEPTH = 32;

/** Executes the declarations of instance types and component types: each asks its supply for the items that it declares. */
export class Declarations {
	readonly #budget: PlanBudget;
	/** Types that nothing has used yet. */
	readonly #unused = new Set<DeclaredType>();
	#depth = 0;

	constructor(budget: PlanBudget) {
		this.#budget = budget;
	}

	/** Returns an instance whose exports are the items of a supply, in the order in which the type declares them. */
	instance(type: DeclaredType, supply: Supply): InstanceItem {
		this.#unused.delete(type);
		this.#depth += 1;
		if (this.#depth > MAX_DEPTH) throw malformed("the types of its instances are nested too deeply");
		const scope = new Scope<Item>(type.scope);
		const exports = new Map<string, Item>();
		const imported = new Set<string>();
		const exported = new Set<string>();
		for (const declaration of type.declarations) {
			this.#budget.spend("definitions");
			if (declaration.kind === "import" || declaration.kind === "declared export") {
				const { kind, name, extern, at } = declaration;
				requireNewName(name, kind === "import" ? imported : exported, at);
				const item = supply(name, wantedBy(extern, scope, at), at);
				scope.add(item);
				if (kind === "declared export") exports.set(name, item);
			} else this.#define(declaration, scope);
		}
		this.#depth -= 1;
		return { sort: "instance", exports };
	}

	/** Checks the types that nothing has used, by executing their declarations with items that nothing implements. */
	checkUnused(): void {
		// Types inside these types are added to the set meanwhile, and are visited too.
		for (const type of this.#unused) this.instance(type, this.#abstract);
	}

	/** Supplies items that nothing implements. */
	readonly #abstract: Supply = (_name, wanted) => {
		switch (wanted.sort) {
			case "function":
				return { sort: "function", type: wanted.type, source: undefined };
			case "type":
				return { sort: "type", type: wanted.equals };
			case "resource":
				return { sort: "type", type: { kind: "abstract resource" } };
			case "instance":
				return this.instance(wanted.type, this.#abstract);
			case "component":
				return { sort: "component", definition: undefined, scope: undefined };
			case "core module":
				return { sort: "core module", definition: undefined };
		}
	};

	#define(declaration: Exclude<Declaration, { readonly kind: "import" | "declared export" }>, scope: ItemScope): void {
		if (declaration.kind === "core type") scope.add({ sort: "core type", form: declaration.type });
		else if (declaration.kind === "type") this.defineType(declaration, scope);
		else scope.add(aliased(declaration, scope));
	}

	/** Adds a type that is no new resource to a scope. */
	defineType({ type: definition, at }: Extract<Declaration, { readonly kind: "type" }>, scope: ItemScope): void {
		if (definition.kind === "resource") throw malformed(`a type at byte ${at} defines a resource inside another type`);
		const type = makeType(definition, scope, at);
		if (type.kind === "instance type" || type.kind === "component type") this.#unused.add(type);
		scope.add({ sort: "type", type });
	}
}

function namesResources(type: AnyType): boolean {
	if (type.kind === "value") return type.measure.resources;
	return type.kind === "function" ? type.resources : isResource(type);
}

/** Returns the item that an alias refers to. Aliases of core exports are resolved where core instances are known. */
export function aliased(alias: Alias, scope: ItemScope): Item {
	const { at } = alias;
	if (alias.kind === "alias outer") {
		const item: Item = scope.outer(alias.depth, at).get(alias.sort, alias.index, at);
		if (item.sort === "type" && namesResources(item.type) && scope.crossesComponent(alias.depth))
			throw malformed(`the alias at byte ${at} takes a type with resources out of another component`);
		return item;
	}
	if (alias.kind === "alias core export") throw malformed(`an alias of a core export at byte ${at} stands inside a type`);
	const item = scope.get("instance", alias.instance, at).exports.get(alias.name);
	if (item?.sort !== alias.sort)
		throw malformed(`the alias at byte ${at} refers to the ${alias.sort} ${quoted(alias.name)}, which the instance does not export`);
	return item;
}
