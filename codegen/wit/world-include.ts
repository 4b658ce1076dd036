/** `include other with { a as b }`: takes over what another world imports and exports. */
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Context } from "./context.ts";
import { RenamedTypes } from "./renamed-types.ts";
import { partsOf, type SharedItems } from "./shared-items.ts";
import type { IncludeNode, Name } from "./syntax.ts";
import type { WorldUnit } from "./units.ts";
import type { Direction, WorldEntry, WorldPorts } from "./world-ports.ts";

export interface Inclusion {
	readonly node: IncludeNode;
	readonly target: WorldUnit;
	readonly ports: WorldPorts;
	readonly active: boolean;
}

const DIRECTIONS: readonly Direction[] = ["import", "export"];

export function includeWorld(context: Context, unit: WorldUnit, ports: WorldPorts, inclusion: Inclusion, shared: SharedItems): void {
	const { node, ports: from } = inclusion;
	if (!shared.take(unit, node.path, sizeOf(inclusion))) {
		return;
	}
	const renames = readRenames(context, unit, inclusion);
	if (!inclusion.active) {
		return;
	}
	// A clash is the fault of this `include`, so it is shown here.
	const shown = (name: string): Name => renames.get(name) ?? { ...node.path, text: name, escaped: false };
	const renamed = from.types.some((type) => renames.has(type.name));
	const copies = new RenamedTypes(renamed ? from.types : [], (type) => shown(type.name).text);
	for (const direction of DIRECTIONS) {
		for (const entry of from.list(direction)) {
			const name = entry.name && shown(entry.name.text);
			ports.include(direction, withName(entry, entry.name && renames.get(entry.name.text), copies), name, unit.scope);
		}
	}
	for (const type of from.types) {
		if (ports.includeType(shown(type.name), unit.scope)) {
			ports.addTypes([copies.copyOf(type)], []);
		}
	}
	for (const use of from.uses) {
		const name = shown(use.name);
		if (ports.includeType(name, unit.scope)) {
			ports.addTypes([], [{ ...use, name: name.text }]);
		}
	}
	for (const used of from.usedInterfaces) {
		ports.usedInterfaces.add(used);
	}
}

/** Number of items that an inclusion reads. With a `with` clause, types and functions are copied with their parts. */
function sizeOf({ node, ports: { imports, exports, types, uses, usedInterfaces } }: Inclusion): number {
	const items = imports.length + exports.length + types.length + uses.length + usedInterfaces.size;
	if (node.renames.length === 0) return items;
	const params = [...imports, ...exports].reduce((count, entry) => count + (entry.kind === "function" ? entry.func.params.length : 0), 0);
	return items + params + types.reduce((count, type) => count + partsOf(type), 0);
}

/** The `with` clause, checked against the plain names of the included world. */
function readRenames(context: Context, unit: WorldUnit, { node, target, ports }: Inclusion): Map<string, Name> {
	const renames = new Map<string, Name>();
	const entries = [...ports.imports, ...ports.exports];
	const names = [...entries.flatMap((entry) => entry.name?.text ?? []), ...[...ports.types, ...ports.uses].map((each) => each.name)];
	const plain = new Set(names);
	for (const { name, alias } of node.renames) {
		if (alias === undefined) {
			continue;
		}
		context.checkName(unit.scope, alias);
		if (renames.has(name.text)) {
			context.error("duplicate-name", unit.scope, name, `\`${name.text}\` is renamed twice`);
		}
		renames.set(name.text, alias);
		if (!plain.has(name.text)) {
			const isInterface = entries.some((entry) => entry.kind === "interface" && entry.unit.name.text === name.text);
			const message = isInterface
				? `\`${name.text}\` is an interface of world \`${target.name.text}\`, and \`with\` renames only plain names`
				: `world \`${target.name.text}\` has nothing called \`${name.text}\` to rename`;
			context.unknown("unknown-name", unit.scope, name, message, didYouMean(name.text, plain));
		}
	}
	return renames;
}

function withName(entry: WorldEntry, name: Name | undefined, copies: RenamedTypes): WorldEntry {
	if (entry.kind === "interface") {
		return name === undefined ? entry : { ...entry, name };
	}
	const func = copies.func(entry.func);
	return name === undefined ? { ...entry, func } : { ...entry, name, func: { ...func, name: name.text } };
}
