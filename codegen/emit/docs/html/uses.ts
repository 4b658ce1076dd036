/** For each type, the items that refer to it. */

import { references, withArguments } from "../../../model/build-abi.ts";
import type { Func, TypeDef, TypeRef } from "../../../model/model.ts";
import { functionsOf, type Outline, portsOf } from "../outline.ts";
import { functionId, portId } from "./anchors.ts";

export interface Use {
	readonly id: string;
	/** `cchat.session.send` */
	readonly label: string;
}

export function usesOf(outline: Outline): Map<TypeDef, Use[]> {
	const uses = new Map<TypeDef, Use[]>();
	const add = (types: readonly TypeRef[], id: string): void => {
		for (const type of types) {
			if (type.kind !== "named" && type.kind !== "handle") continue;
			const known = uses.get(type.def);
			const use = { id, label: id.replaceAll(":", " ") };
			if (known === undefined) uses.set(type.def, [use]);
			else if (known.at(-1)?.id !== id) known.push(use);
		}
	};
	for (const section of outline.sections()) {
		const functions = section.kind === "interface" ? section.interface.functions : [];
		for (const func of functions) add(typesOf(func), functionId(section.id, func));
		const ports = section.kind === "world" ? portsOf(section.world) : [];
		for (const [direction, item] of ports) if (item.kind === "function") add(typesOf(item.func), portId(section.id, direction, item.func));
		for (const def of section.kind === "interface" ? section.interface.types : section.types) {
			const id = outline.typeId(def);
			add(references(def), id);
			// A resource is no news to its own functions.
			for (const func of functionsOf(def))
				add(
					typesOf(func).filter((type) => type.kind !== "handle" || type.def !== def),
					functionId(id, func),
				);
		}
	}
	return uses;
}

function typesOf({ params, result }: Func): TypeRef[] {
	return [...params.flatMap(({ type }) => withArguments(type)), ...(result === undefined ? [] : withArguments(result))];
}
