/** Deprecation of functions and interfaces: the gate `@deprecated`, and the doc tag `@replaced-by`. */
import { tagValue } from "./abi.ts";
import type { Func, Interface, Item, Model } from "./model.ts";

export interface Deprecation {
	/** Version of the package since which the item is deprecated. */
	readonly since: string;
	/** Item to use instead, as the tag names it. Absent: the docs name none. */
	readonly replacement?: string;
}

/** The deprecation of an item itself. */
export function deprecationOf(item: Pick<Item, "docs" | "gates">): Deprecation | undefined {
	const since = item.gates.deprecated?.version;
	if (since === undefined) return undefined;
	const replacement = tagValue(item, "replaced-by");
	return { since, ...(replacement === undefined ? {} : { replacement }) };
}

/** The deprecation of a function, or of the resource that it belongs to. That of the interface is the interface's own. */
export function functionDeprecation(func: Func): Deprecation | undefined {
	return deprecationOf(func) ?? (func.resource === undefined ? undefined : deprecationOf(func.resource));
}

/** Names by which `@replaced-by` of an item in an interface may refer to another item. */
export function replacementNames(model: Model, iface: Interface): ReadonlySet<string> {
	return new Set([
		...namesIn(iface),
		...model.main.interfaces.flatMap((other) => [other.name, ...namesIn(other).map((name) => `${other.name}.${name}`)]),
	]);
}

/** Functions, resources, and functions of resources as `resource.function`. */
function namesIn({ functions, types }: Interface): string[] {
	return [
		...functions.map(({ name }) => name),
		...types.flatMap((def) => (def.kind === "resource" ? [def.name, ...def.functions.map(({ name }) => `${def.name}.${name}`)] : [])),
	];
}
