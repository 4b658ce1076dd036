/** The types that can be named in one interface or world: those it declares and those it uses. */
import type { Gates } from "../model/model.ts";
import type { Context } from "./context.ts";
import { NameSpace } from "./name-space.ts";
import { resolveGates } from "./resolve-gates.ts";
import type { InterfaceItem, Name, WorldItemNode } from "./syntax.ts";
import type { FileScope, GateVerdict, TypeEntry, TypeScope } from "./units.ts";

export interface Body {
	readonly node: {
		readonly kind: "interface" | "world";
		readonly name: Name;
		readonly items: readonly (InterfaceItem | WorldItemNode)[];
	};
	readonly active: boolean;
}

/**
 * Registers the types of a body by name and checks that all names in it are unique. Names of a world's imports and
 * exports are not types; they are checked when the world is resolved.
 */
export function createTypeScope(context: Context, file: FileScope, body: Body): TypeScope {
	const { kind, name } = body.node;
	const label = `${kind} \`${name.text}\``;
	const scope: TypeScope = {
		file,
		owner: { kind, package: file.package.id, name: name.text },
		label,
		entries: new Map(),
		gates: new Map(),
	};
	const names = new NameSpace(context, `in ${label}`);
	for (const item of body.node.items) {
		if (item.kind === "import" || item.kind === "export" || item.kind === "include") {
			continue;
		}
		const verdict = resolveGates(context, file, item.gates);
		const active = body.active && verdict.active;
		scope.gates.set(item, { gates: verdict.gates, active });
		for (const entry of entriesOf(item, verdict.gates, active)) {
			names.declare(file, entry.name);
			// A name that differs from another in case only is a fault, but not unknown.
			if (!scope.entries.has(entry.name.text)) {
				scope.entries.set(entry.name.text, entry);
			}
		}
		if (item.kind === "function") {
			names.declare(file, item.name);
		}
	}
	return scope;
}

function entriesOf(item: InterfaceItem, gates: Gates, active: boolean): TypeEntry[] {
	switch (item.kind) {
		case "function":
			return [];
		case "use":
			return item.names.map((rename) => {
				return { kind: "use", name: rename.alias ?? rename.name, node: item, rename, active, state: "open" };
			});
		default:
			return [{ kind: "local", name: item.name, node: item, gates, active, state: "open" }];
	}
}

/** The gates of an item of the body, as judged when the scope was made. */
export function gatesOf(scope: TypeScope, node: InterfaceItem): GateVerdict {
	return scope.gates.get(node) ?? { gates: {}, active: true };
}
