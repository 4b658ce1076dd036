/** The worlds that general targets generate for. */
import type { Interface, Model, TypeDef, World, WorldItem } from "../model.ts";

/**
 * The chosen worlds of the package, or all of them. A package without worlds is taken for one that imports all of its interfaces.
 *
 * @param chosen names of worlds. Absent: all
 */
export function chosenWorlds({ main, packages }: Model, chosen?: readonly string[]): World[] {
	if (main.worlds.length > 0) return main.worlds.filter(({ name }) => chosen === undefined || chosen.includes(name));
	const [first] = main.interfaces;
	if (first === undefined) return [];
	const interfaces = packages.flatMap((each) => each.interfaces);
	const reached = closure(main.interfaces, interfaces);
	const imports = reached.map(
		(iface): WorldItem => ({
			kind: "interface",
			interface: iface,
			implied: iface.package !== main.id && !main.interfaces.includes(iface),
			docs: iface.docs,
			gates: iface.gates,
		}),
	);
	const { docs, id } = main;
	return [{ name: id.name, docs, gates: {}, span: first.span, package: id, imports, exports: [], types: [], uses: [] }];
}

/** The interfaces, and all whose types they use. */
function closure(roots: readonly Interface[], all: readonly Interface[]): Interface[] {
	const owners = new Map<TypeDef, Interface>(all.flatMap((iface) => iface.types.map((def) => [def, iface] as const)));
	const found = new Set(roots);
	for (const iface of found) {
		for (const { target } of iface.uses) {
			const owner = owners.get(target);
			if (owner !== undefined) found.add(owner);
		}
	}
	return [...found];
}
