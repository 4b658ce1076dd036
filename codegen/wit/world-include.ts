/** `include other with { a as b }`: takes over what another world imports and exports. */
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Context } from "./context.ts";
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

export function includeWorld(context: Context, unit: WorldUnit, ports: WorldPorts, inclusion: Inclusion): void {
	const { node, ports: from } = inclusion;
	const renames = readRenames(context, unit, inclusion);
	if (!inclusion.active) {
		return;
	}
	for (const direction of DIRECTIONS) {
		for (const entry of from.list(direction)) {
			const renamed = entry.name && renames.get(entry.name.text);
			// A clash is the fault of this `include`, so it is shown here.
			const shown = entry.name && (renamed ?? { ...node.path, text: entry.name.text, escaped: false });
			ports.include(direction, renamed === undefined ? entry : withName(entry, renamed), shown, unit.scope);
		}
	}
	for (const type of from.types) {
		if (ports.includeType({ ...node.path, text: type.name, escaped: false }, unit.scope)) {
			ports.addTypes([type], []);
		}
	}
	for (const use of from.uses) {
		if (ports.includeType({ ...node.path, text: use.name, escaped: false }, unit.scope)) {
			ports.addTypes([], [use]);
		}
	}
	for (const used of from.usedInterfaces) {
		ports.usedInterfaces.add(used);
	}
}

/** The `with` clause, checked against the plain names of the included world. */
function readRenames(context: Context, unit: WorldUnit, { node, target, ports }: Inclusion): Map<string, Name> {
	const renames = new Map<string, Name>();
	const entries = [...ports.imports, ...ports.exports];
	const plain = new Set(entries.flatMap((entry) => entry.name?.text ?? []));
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

function withName(entry: WorldEntry, name: Name): WorldEntry {
	return entry.kind === "interface" ? { ...entry, name } : { ...entry, name, func: { ...entry.func, name: name.text } };
}
