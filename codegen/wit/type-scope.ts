/** The types that can be named in one interface or world: those it declares and those it uses. */
import type { Gates } from "../model/model.ts";
import type { Context } from "./context.ts";
import { NameSpace } from "./name-space.ts";
import { checkInnerGates, resolveGates } from "./resolve-gates.ts";
import type { InterfaceItem, Name, WorldItemNode } from "./syntax.ts";
import { draftOf } from "./type-draft.ts";
import type { FileScope, GateVerdict, LocalType, TypeEntry, TypeScope, UsedType } from "./units.ts";

export interface Body {
	readonly node: {
		readonly kind: "interface" | "world";
		readonly name: Name;
		readonly items: readonly (InterfaceItem | WorldItemNode)[];
	};
	readonly gates: Gates;
	/** False for a body that a feature gate hides, its own or that of what is around it. */
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
		functions: new Map(),
		gates: new Map(),
	};
	const names = new NameSpace(context, `in ${label}`);
	for (const item of body.node.items) {
		if (item.kind === "import" || item.kind === "export" || item.kind === "include") {
			if (item.kind !== "include" && item.target.kind === "function") {
				scope.functions.set(item.target.name.text, item.target.name);
			}
			continue;
		}
		const verdict = resolveGates(context, file, item.gates);
		const active = body.active && verdict.active;
		scope.gates.set(item, { gates: verdict.gates, active });
		const itemNames = namesOf(item);
		for (const each of itemNames) {
			names.declare(file, each);
		}
		for (const entry of entriesOf(scope, item, verdict.gates, active)) {
			// A name that differs from another in case only is a fault, but not unknown.
			if (!scope.entries.has(entry.name.text)) {
				scope.entries.set(entry.name.text, entry);
			}
		}
		if (item.kind === "function") {
			scope.functions.set(item.name.text, item.name);
		}
		const [first] = itemNames;
		if (first !== undefined) {
			checkInnerGates(context, file, { name: first, isType: item.kind !== "function", gates: verdict.gates }, { label, gates: body.gates });
		}
	}
	return scope;
}

/** The names that an item brings into its body. */
function namesOf(item: InterfaceItem): Name[] {
	return item.kind === "use" ? item.names.map((rename) => rename.alias ?? rename.name) : [item.name];
}

function entriesOf(scope: TypeScope, item: InterfaceItem, gates: Gates, active: boolean): TypeEntry[] {
	switch (item.kind) {
		case "function":
			return [];
		case "use":
			return item.names.map((rename): UsedType => ({ kind: "use", name: rename.alias ?? rename.name, node: item, rename, active }));
		default: {
			const def = draftOf(scope.file.file.source, scope.owner, item, gates);
			return [{ kind: "local", name: item.name, node: item, gates, active, scope, def } satisfies LocalType];
		}
	}
}

/** The gates of an item of the body, as judged when the scope was made. */
export function gatesOf(scope: TypeScope, node: InterfaceItem): GateVerdict {
	return scope.gates.get(node) ?? { gates: {}, active: true };
}
