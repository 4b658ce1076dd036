import { malformed } from "../../binary/byte-reader.ts";
import { quoted } from "../binary/read-label.ts";
import type { Declarations } from "./declare.ts";
import type { AnyType, Item } from "./item.ts";
import { isResource } from "./make-type.ts";
import type { PlanBudget } from "./plan-budget.ts";
import { sameFunction, sameResource, sameValue } from "./same-type.ts";
import type { Supply, Wanted } from "./supply.ts";

/** Compares items with what a declaration asks for. */
export class Conformance {
	readonly #declarations: Declarations;
	readonly #budget: PlanBudget;

	constructor(declarations: Declarations, budget: PlanBudget) {
		this.#declarations = declarations;
		this.#budget = budget;
	}

	/** Returns a supply of the items of a map, each compared with what is asked for. */
	supply(items: ReadonlyMap<string, Item>): Supply {
		return (name, wanted, at) => this.check(name, items.get(name), wanted, at);
	}

	/**
	 * Returns the item as the declaration sees it: of an instance only the exports that are declared.
	 *
	 * @throws SpearError `invalid_request`, with the name, if the item is absent, of another sort, or of another type.
	 */
	check(name: string, item: Item | undefined, wanted: Wanted, at: number): Item {
		const sort = wanted.sort === "resource" ? "type" : wanted.sort;
		if (item === undefined) throw malformed(`the declaration at byte ${at} asks for the ${sort} ${quoted(name)}, which is not supplied`);
		if (wanted.sort === "instance" && item.sort === "instance") return this.#declarations.instance(wanted.type, this.supply(item.exports));
		if (!this.#fits(item, wanted))
			throw malformed(`the declaration at byte ${at} asks for the ${sort} ${quoted(name)}, and is supplied with another kind or type`);
		return item;
	}

	#fits(item: Item, wanted: Wanted): boolean {
		switch (wanted.sort) {
			case "function":
				return item.sort === "function" && sameFunction(item.type, wanted.type, this.#budget);
			case "resource":
				return item.sort === "type" && isResource(item.type);
			case "type":
				return item.sort === "type" && this.#sameType(item.type, wanted.equals);
			default:
				return item.sort === wanted.sort;
		}
	}

	#sameType(left: AnyType, right: AnyType): boolean {
		if (left === right) return true;
		if (left.kind === "value") return right.kind === "value" && sameValue(left, right, this.#budget);
		if (left.kind === "function") return right.kind === "function" && sameFunction(left, right, this.#budget);
		if (isResource(left)) return isResource(right) && sameResource(left, right);
		// Types of instances and components are compared where an instance of them is used.
		return left.kind === right.kind;
	}
}
