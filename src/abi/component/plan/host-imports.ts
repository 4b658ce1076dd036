import { malformed } from "../../binary/byte-reader.ts";
import { isLabel, quoted } from "../binary/read-label.ts";
import type { Declarations } from "./declare.ts";
import type { Item } from "./item.ts";
import type { PlanBuilder } from "./plan-builder.ts";
import type { Supply, Wanted } from "./supply.ts";

/** Name under which a plan records the functions and resources that a component imports outside interfaces. No interface has such a name. */
export const ROOT_INTERFACE = "$root";

/**
 * Returns the supply of the imports of the whole component: the host's interfaces. An interface that two imports name, in one or two
 * versions, is recorded twice. The resources of the interface are the same in both.
 */
export function hostImports(builder: PlanBuilder, declarations: Declarations): Supply {
	const root: { functions: Record<string, string>; resources: string[] } = { functions: Object.create(null), resources: [] };
	const fromRoot = (name: string): void => {
		if (Object.keys(root.functions).length + root.resources.length === 0) builder.imports.push({ name: ROOT_INTERFACE, ...root });
		builder.budget.spend("characters of names and types", name.length);
	};
	return (name, wanted) => {
		if (wanted.sort === "type") return { sort: "type", type: wanted.equals };
		if (wanted.sort === "function") {
			fromRoot(name);
			builder.budget.spend("imported functions");
			root.functions[name] = builder.key(wanted.type);
			return { sort: "function", type: wanted.type, source: { kind: "host", interface: ROOT_INTERFACE, name } };
		}
		if (wanted.sort === "resource") {
			if (!isLabel(name)) throw malformed(`the resource ${quoted(name)} that it imports has no name in kebab case`);
			fromRoot(name);
			builder.budget.spend("imported functions");
			root.resources.push(name);
			return { sort: "type", type: { kind: "host resource", interface: ROOT_INTERFACE, name } };
		}
		if (wanted.sort !== "instance")
			throw malformed(`its import ${quoted(name)} is a ${wanted.sort}; this host offers interfaces, functions and resources`);
		builder.budget.spend("imported interfaces");
		builder.budget.spend("characters of names and types", name.length);
		const functions = new Map<string, string>();
		const resources: string[] = [];
		const version = name.indexOf("@");
		const unversioned = version < 0 ? name : name.slice(0, version);
		const instance = declarations.instance(wanted.type, (member, asked) => {
			builder.budget.spend("imported functions");
			builder.budget.spend("characters of names and types", member.length);
			if (asked.sort === "function") {
				functions.set(member, builder.key(asked.type));
				return { sort: "function", type: asked.type, source: { kind: "host", interface: name, name: member } };
			}
			if (asked.sort === "type") return { sort: "type", type: asked.equals };
			if (asked.sort !== "resource") throw notOffered(name, member, asked);
			if (!isLabel(member)) throw malformed(`the resource ${quoted(member)} of its import ${quoted(name)} has no name in kebab case`);
			resources.push(member);
			const resource: Item = { sort: "type", type: { kind: "host resource", interface: unversioned, name: member } };
			return resource;
		});
		builder.imports.push({ name, functions: Object.fromEntries(functions), resources });
		return instance;
	};
}

function notOffered(name: string, member: string, { sort }: Wanted): Error {
	return malformed(
		`its import ${quoted(name)} asks for the ${sort} ${quoted(member)}; interfaces of this host have functions and types only`,
	);
}
