/**
 * Bound of what worlds hold without declaring it: items of included worlds, and interfaces that others need. A text of N lines has up to N² of
 * them, so a small file could take all memory.
 */
import type { TypeDef } from "../model/model.ts";
import type { Context } from "./context.ts";
import type { Range } from "./syntax.ts";
import type { WorldUnit } from "./units.ts";

/** Most such items of all worlds of a run. The largest published packages have some hundred. */
const MAX_SHARED_ITEMS = 100_000;

export class SharedItems {
	readonly #context: Context;
	#count = 0;

	constructor(context: Context) {
		this.#context = context;
	}

	/** True if no world takes over anything more. */
	get isExhausted(): boolean {
		return this.#count > MAX_SHARED_ITEMS;
	}

	/** Counts items that a world takes over, also those that it has already. False if there are too many, which is reported once. */
	take(world: WorldUnit, place: Range, count: number): boolean {
		const wasExhausted = this.isExhausted;
		this.#count += count;
		if (!this.isExhausted) return true;
		if (!wasExhausted) {
			const message = `the worlds up to \`${world.name.text}\` take over more than ${MAX_SHARED_ITEMS} items from other worlds and interfaces`;
			this.#context.error("too-many-items", world.scope, place, message, {
				help: "include the worlds that are needed only, or gather functions in interfaces",
			});
		}
		return false;
	}
}

/** Number of parts of a type, which a copy of the type repeats. */
export function partsOf(def: TypeDef): number {
	switch (def.kind) {
		case "record":
			return def.fields.length;
		case "variant":
		case "enum":
			return def.cases.length;
		case "flags":
			return def.flags.length;
		case "resource":
			return def.functions.reduce((count, { params }) => count + 1 + params.length, 1);
		case "alias":
			return 1;
	}
}
