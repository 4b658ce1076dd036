/** The functions that carry a type, with the direction: messages on a break name whom it breaks. */
import type { Abi } from "../model/abi.ts";
import { allFunctions, childTypes } from "../model/build-abi.ts";
import type { TypeDef, TypeRef } from "../model/model.ts";
import { qualifiedName } from "./type-text.ts";

export interface Reach {
	/** Functions through which a guest hands the type to the host, e.g. `cchat.complete`. */
	readonly sentBy: readonly string[];
	/** Functions through which a guest is given the type. */
	readonly receivedBy: readonly string[];
}

/** By the type's key in the lock, e.g. `cchat.request`. */
export function reachOfTypes(abi: Abi): Map<string, Reach> {
	const { main } = abi.model;
	const reach = new Map<string, { sentBy: string[]; receivedBy: string[] }>();
	const note = (type: TypeRef | undefined, direction: "sentBy" | "receivedBy", func: string): void => {
		for (const def of typesIn(type)) {
			const key = qualifiedName(def, main.id);
			const entry = reach.get(key) ?? { sentBy: [], receivedBy: [] };
			reach.set(key, entry);
			if (!entry[direction].includes(func)) entry[direction].push(func);
		}
	};
	for (const iface of main.interfaces) {
		for (const func of allFunctions(iface)) {
			const name = [iface.name, ...(func.resource === undefined ? [] : [func.resource.name]), func.name].join(".");
			for (const param of func.params) note(param.type, "sentBy", name);
			note(func.result, "receivedBy", name);
		}
	}
	for (const world of main.worlds) {
		for (const entry of world.exports) {
			if (entry.kind !== "function") continue;
			for (const param of entry.func.params) note(param.type, "receivedBy", entry.func.name);
			note(entry.func.result, "sentBy", entry.func.name);
		}
	}
	return reach;
}

/** Every type definition a type leads to. */
export function typesIn(type: TypeRef | undefined, seen: Set<TypeDef> = new Set()): Set<TypeDef> {
	if (type === undefined) return seen;
	for (const child of childTypes(type)) typesIn(child, seen);
	if (type.kind === "handle") seen.add(type.def);
	if (type.kind !== "named" || seen.has(type.def)) return seen;
	seen.add(type.def);
	const { def } = type;
	if (def.kind === "record") for (const field of def.fields) typesIn(field.type, seen);
	if (def.kind === "variant") for (const item of def.cases) typesIn(item.type, seen);
	if (def.kind === "alias") typesIn(def.type, seen);
	return seen;
}
