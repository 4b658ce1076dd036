/** Names of the TypeScript interfaces that a host implements. */
import type { Interface, Model, ResourceDef } from "../model.ts";
import { NameScope } from "./name-scope.ts";
import { typeName } from "./type-names.ts";

export interface ResourceNames {
	/** The interface of the object behind a handle, e.g. `EventStream`. */
	readonly object: string;
	/** The interface of the functions without an object of their own, e.g. `EventStreamStatics`. */
	readonly functions: string;
}

/** All resources of the main package. Names are distinct within an interface, and from that of the interface itself. */
export function hostNames(model: Model, isReadiness: (def: ResourceDef) => boolean): ReadonlyMap<ResourceDef, ResourceNames> {
	const names = new Map<ResourceDef, ResourceNames>();
	for (const iface of model.main.interfaces) {
		const scope = new NameScope([typeName(iface)]);
		const resources = iface.types.filter((def) => def.kind === "resource");
		const objects = resources.map((def) => scope.take(objectName(def, iface)));
		resources.forEach((def, index) => {
			const object = objects[index] ?? "";
			names.set(def, { object, functions: scope.take(`${object}${isReadiness(def) ? "Functions" : "Statics"}`) });
		});
	}
	return names;
}

function objectName(def: ResourceDef, iface: Interface): string {
	const name = typeName(def);
	return name === typeName(iface) ? `${name}Resource` : name;
}
