/** Names of the validators that the module of an interface exports. */
import type { Abi } from "../abi.ts";
import { allFunctions } from "../build-abi.ts";
import type { DataDef } from "../carried/data-types.ts";
import type { TypeRef } from "../model.ts";
import { NameScope } from "./name-scope.ts";
import { camelCase } from "./spelling.ts";

/**
 * The types that have a validator, each with the name of its export, in the order of the ABI. That of a family's payload, result and event
 * is `payload`, `result` and `event`, whatever else the interface declares. All others are named by their type.
 */
export function validatorNames(abi: Abi): ReadonlyMap<DataDef, string> {
	const names = new Map<DataDef, string>();
	const scopes = new Map<string, NameScope>();
	const add = (def: DataDef, wanted: string): void => {
		if (names.has(def)) return;
		const scope = scopes.get(def.owner.name) ?? new NameScope();
		scopes.set(def.owner.name, scope);
		names.set(def, scope.take(wanted));
	};
	for (const { payload, result, event } of abi.families) {
		add(payload, "payload");
		add(result, "result");
		if (event !== undefined) add(event, "event");
	}
	for (const { interface: iface } of abi.interfaces) {
		for (const func of allFunctions(iface))
			for (const param of func.params) for (const def of structuresIn(param.type)) add(def, camelCase(def.name));
	}
	return names;
}

/** The records and variants that a parameter holds: what has parts that could be wrong. */
function structuresIn(type: TypeRef): DataDef[] {
	switch (type.kind) {
		case "named":
			if (type.def.kind === "alias") return structuresIn(type.def.type);
			return type.def.kind === "record" || type.def.kind === "variant" ? [type.def] : [];
		case "list":
			return structuresIn(type.element);
		case "option":
			return structuresIn(type.some);
		default:
			return [];
	}
}
