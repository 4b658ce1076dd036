/** Resources whose handles an interface gives although another interface declares them, such as the pollable of a stream. */
import { allFunctions, handlesIn } from "../../model/build-abi.ts";
import type { HostInterface } from "../../model/host-interface.ts";
import type { ResourceDef } from "../../model/model.ts";

/** The foreign resources that the functions of one interface give. */
export function foreignResourcesOf({ entry, name }: HostInterface): ResourceDef[] {
	const found = new Set<ResourceDef>();
	for (const func of allFunctions(entry.interface)) {
		for (const { def } of handlesIn(func.result)) if (def.owner.name !== name) found.add(def);
	}
	return [...found];
}

/** The foreign resources that any of the interfaces gives. */
export function foreignResources(interfaces: readonly HostInterface[]): ReadonlySet<ResourceDef> {
	return new Set(interfaces.flatMap(foreignResourcesOf));
}

/** The interfaces in their order, but each after those whose resources it gives. */
export function ownersFirst(interfaces: readonly HostInterface[]): HostInterface[] {
	const ordered: HostInterface[] = [];
	const visit = (iface: HostInterface): void => {
		if (ordered.includes(iface)) return;
		for (const { owner } of foreignResourcesOf(iface)) {
			const declaring = interfaces.find((candidate) => candidate !== iface && candidate.name === owner.name);
			if (declaring !== undefined) visit(declaring);
		}
		ordered.push(iface);
	};
	for (const iface of interfaces) visit(iface);
	return ordered;
}
