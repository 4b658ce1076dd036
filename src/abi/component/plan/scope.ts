import { malformed } from "../../binary/byte-reader.ts";
import type { Sort } from "../../binary/sort.ts";

/** An item of an index space. */
interface Sorted {
	readonly sort: Sort;
}

/** The index spaces of a component, an instance type or a component type. */
export class Scope<Item extends Sorted> {
	/** The scope around this one. */
	readonly parent: Scope<Item> | undefined;
	/** Number of the component instance. Absent in types. */
	readonly instance: number | undefined;
	readonly #spaces = new Map<Sort, Item[]>();

	constructor(parent: Scope<Item> | undefined, instance?: number) {
		this.parent = parent;
		this.instance = instance;
	}

	/** Adds an item to the index space of its sort. */
	add(item: Item): void {
		const space = this.#spaces.get(item.sort);
		if (space === undefined) this.#spaces.set(item.sort, [item]);
		else space.push(item);
	}

	/** Returns an item. `at` is the byte of the definition that refers to the item. */
	get<S extends Sort>(sort: S, index: number, at: number): Extract<Item, { sort: S }> {
		const item = this.#spaces.get(sort)?.[index];
		if (item === undefined || !isOf(item, sort))
			throw malformed(`the definition at byte ${at} refers to ${sort} ${index}, which does not exist`);
		return item;
	}

	/** Returns true if the scope that lies the given number of levels outside is that of another component. */
	crossesComponent(depth: number): boolean {
		let scope: Scope<Item> | undefined = this;
		for (let level = 0; level < depth && scope !== undefined; level += 1) {
			if (scope.instance !== undefined) return true;
			scope = scope.parent;
		}
		return false;
	}

	/** Returns the scope that lies the given number of levels outside. */
	outer(depth: number, at: number): Scope<Item> {
		let scope: Scope<Item> | undefined = this;
		for (let level = 0; level < depth && scope !== undefined; level += 1) scope = scope.parent;
		if (scope === undefined) throw malformed(`the alias at byte ${at} refers ${depth} levels outwards, where no component is`);
		return scope;
	}
}

function isOf<Item extends Sorted, S extends Sort>(item: Item, sort: S): item is Extract<Item, { sort: S }> {
	return item.sort === sort;
}
