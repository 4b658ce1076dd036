/** The types of any package whose values JSON can hold. */
import type { Interface, Model, TypeRef } from "../model.ts";
import { typesBelow } from "../units/crossing.ts";
import type { DataDef } from "./data-types.ts";
import { dataTypes } from "./data-types.ts";

export interface JsonTypes {
	readonly types: readonly DataDef[];
	/** Names of the types and resources that have no form in JSON. */
	readonly others: readonly string[];
}

/** Divides the types of an interface. A type has no form if it holds a handle, a stream, a 64-bit integer, or a type of another package. */
export function jsonTypes(iface: Interface, { main }: Model): JsonTypes {
	const own = new Set(main.interfaces.flatMap(dataTypes));
	const hasForm = (def: DataDef): boolean => typesBelow([{ kind: "named", def, span: def.span }]).every((type) => isPlain(type, own));
	const types = dataTypes(iface).filter(hasForm);
	const kept = new Set<unknown>(types);
	return { types, others: iface.types.filter((def) => !kept.has(def)).map(({ name }) => name) };
}

function isPlain(type: TypeRef, own: ReadonlySet<DataDef>): boolean {
	switch (type.kind) {
		case "handle":
		case "stream":
		case "future":
			return false;
		case "primitive":
			return type.name !== "u64" && type.name !== "s64" && type.name !== "error-context";
		case "map":
			return type.key.kind === "primitive" && type.key.name === "string";
		case "named":
			return own.has(type.def);
		default:
			return true;
	}
}
