/**
 * The directions in which values of each type travel. The typings of the two differ: a guest may leave out an option that it sends,
 * and always receives one, as `null` if absent.
 */

import { allFunctions, childTypes } from "../../model/build-abi.ts";
import type { Func, Model, TypeDef, TypeRef, World } from "../../model/model.ts";
import type { Direction } from "../kit/guest-types/direction.ts";

export class Directions {
	readonly #sent = new Set<TypeDef>();
	readonly #received = new Set<TypeDef>();

	constructor(model: Model) {
		for (const iface of model.main.interfaces)
			for (const func of allFunctions(iface)) this.#visitFunction(func, this.#sent, this.#received);
		for (const world of model.main.worlds) {
			for (const func of exportedFunctions(world)) this.#visitFunction(func, this.#received, this.#sent);
		}
	}

	/** A type that no function reaches counts as travelling both ways. */
	of(def: TypeDef): Direction {
		if (this.#sent.has(def)) return this.#received.has(def) ? "both" : "sent";
		return this.#received.has(def) ? "received" : "both";
	}

	#visitFunction(func: Func, params: Set<TypeDef>, results: Set<TypeDef>): void {
		for (const param of func.params) visit(param.type, params);
		if (func.result !== undefined) visit(func.result, results);
	}
}

/** Functions a world's guest exports, freestanding ones and those of exported interfaces. */
export function exportedFunctions(world: World): Func[] {
	return world.exports.flatMap((item) => (item.kind === "function" ? [item.func] : allFunctions(item.interface)));
}

function visit(type: TypeRef, found: Set<TypeDef>): void {
	if (type.kind === "named") visitDef(type.def, found);
	else for (const child of childTypes(type)) visit(child, found);
}

function visitDef(def: TypeDef, found: Set<TypeDef>): void {
	if (found.has(def)) return;
	found.add(def);
	if (def.kind === "record") for (const field of def.fields) visit(field.type, found);
	if (def.kind === "variant") for (const item of def.cases) if (item.type !== undefined) visit(item.type, found);
	if (def.kind === "alias") visit(def.type, found);
}
