import { malformed } from "../../binary/byte-reader.ts";
import type { ParsedComponent } from "../binary/definition.ts";
import { parseComponent } from "../binary/parse-component.ts";
import { Conformance } from "./conform.ts";
import { Declarations } from "./declare.ts";
import { ComponentExecution } from "./execute.ts";
import { hostImports } from "./host-imports.ts";
import type { Item } from "./item.ts";
import type { Plan } from "./plan.ts";
import { PlanBuilder } from "./plan-builder.ts";

/** A component as data: its plan, and the bytes of the core modules that the plan numbers. A module that is never instantiated is left out. */
export interface PlannedComponent {
	readonly plan: Plan;
	readonly modules: readonly Uint8Array[];
}

/** The exports of an instance are one object, and JavaScript waits for an object with a function `then` until that function calls back. */
const THENABLE = "it exports a function `then`, for which the host would wait for ever; rename the function";

/**
 * Plans the instantiation of a component, without running any of its code.
 *
 * Cost is linear in the bytes, and bounded where a component describes more work than its bytes show.
 *
 * @throws SpearError `invalid_request` for bytes that are no valid component, and for what this host does not support. The message names
 * what is refused and where: an item by its name, or the byte of a definition.
 */
export function planComponent(bytes: Uint8Array): PlannedComponent {
	return planParsed(parseComponent(bytes));
}

/**
 * Plans a component that was parsed before.
 *
 * @throws As {@link planComponent}, except for bytes that are not well-formed.
 */
export function planParsed(component: ParsedComponent): PlannedComponent {
	const builder = new PlanBuilder();
	const declarations = new Declarations(builder.budget);
	const conformance = new Conformance(declarations, builder.budget);
	const exports = ComponentExecution.run(component, { builder, declarations, conformance }, hostImports(builder, declarations));
	declarations.checkUnused();
	addExports(exports, builder);
	const used = builder.usedModules;
	return { plan: builder.plan(used), modules: component.modules.filter((_, index) => used.includes(index)) };
}

/** Adds the exported functions, and those of exported interfaces as `interface#function`. */
function addExports(exports: ReadonlyMap<string, Item>, builder: PlanBuilder): void {
	for (const [name, item] of exports) {
		if (item.sort === "function") {
			if (name === "then") throw malformed(THENABLE);
			builder.addExport(name, item);
		}
		if (item.sort === "instance")
			for (const [member, inner] of item.exports) if (inner.sort === "function") builder.addExport(`${name}#${member}`, inner);
	}
}
