/** Resolves a world: its own imports and exports, those of the worlds it includes, and the interfaces that all of these need. */
import type { World, WorldItem } from "../model/model.ts";
import type { Context } from "./context.ts";
import { order } from "./cycles.ts";
import { readDocs } from "./docs.ts";
import { resolveFunction } from "./resolve-function.ts";
import { resolveGates } from "./resolve-gates.ts";
import { resolveInterface, typesOf } from "./resolve-interface.ts";
import { resolveInterfacePath, resolveUse, resolveWorldPath } from "./resolve-path.ts";
import { resolveTypes } from "./resolve-types.ts";
import { SharedItems } from "./shared-items.ts";
import type { ExternNode, ExternTarget, IncludeNode } from "./syntax.ts";
import { checkDepths } from "./type-depth.ts";
import { createTypeScope } from "./type-scope.ts";
import type { GateVerdict, InterfaceUnit, WorldUnit } from "./units.ts";
import { impliedImports } from "./world-closure.ts";
import { includeWorld } from "./world-include.ts";
import { type WorldEntry, WorldPorts } from "./world-ports.ts";

type InlineTarget = Extract<ExternTarget, { kind: "inline" }>;

/** Resolves each world after the worlds that it includes. */
export function resolveWorlds(context: Context, worlds: readonly WorldUnit[]): void {
	const includes = new Map(worlds.map((unit) => [unit, includesOf(context, unit)]));
	const targets = (unit: WorldUnit) => (includes.get(unit) ?? []).map((each) => each.target);
	const { sorted, cycles } = order(worlds, targets);
	for (const cycle of cycles) {
		reportCycle(context, cycle, includes);
	}
	const resolver = new WorldResolver(context);
	for (const unit of sorted) {
		unit.model = resolver.resolve(unit, includes.get(unit) ?? []);
	}
}

interface Include {
	readonly node: IncludeNode;
	readonly target: WorldUnit;
	readonly active: boolean;
}

function includesOf(context: Context, unit: WorldUnit): Include[] {
	return unit.node.items.flatMap((node) => {
		if (node.kind !== "include") {
			return [];
		}
		const active = unit.active && resolveGates(context, unit.scope, node.gates).active;
		const target = resolveWorldPath(context, unit.scope, node.path, active);
		return target === undefined ? [] : [{ node, target, active }];
	});
}

/** Shown at the `include` that closes the circle. */
function reportCycle(context: Context, cycle: readonly WorldUnit[], includes: ReadonlyMap<WorldUnit, readonly Include[]>): void {
	const [last, first] = [cycle.at(-2), cycle.at(-1)];
	const closing = last && includes.get(last)?.find((each) => each.target === first);
	if (last !== undefined && first !== undefined && closing !== undefined) {
		const path = cycle.map((each) => `\`${each.name.text}\``).join(" → ");
		context.error("include-cycle", last.scope, closing.node.path, `world \`${first.name.text}\` includes itself: ${path}`);
	}
}

class WorldResolver {
	readonly context: Context;
	/** Of the worlds resolved so far. */
	readonly #ports = new Map<WorldUnit, WorldPorts>();
	readonly #shared: SharedItems;

	constructor(context: Context) {
		this.context = context;
		this.#shared = new SharedItems(context);
	}

	resolve(unit: WorldUnit, includes: readonly Include[]): World {
		const ports = this.#portsOf(unit, includes);
		this.#ports.set(unit, ports);
		const needed = this.#shared.isExhausted ? [] : impliedImports(this.context, unit, ports);
		const implied = this.#shared.take(unit, unit.name, needed.length) ? needed : [];
		return {
			name: unit.name.text,
			docs: readDocs(unit.scope.file.source, unit.node.docs),
			gates: unit.gates,
			span: this.context.span(unit.scope, unit.name),
			package: unit.scope.package.id,
			imports: [...ports.imports, ...implied].map((entry) => this.#worldItem(entry)),
			exports: ports.exports.map((entry) => this.#worldItem(entry)),
			types: ports.types,
			uses: ports.uses,
		};
	}

	/** The declared and included ports of a world, without implied imports. */
	#portsOf(unit: WorldUnit, includes: readonly Include[]): WorldPorts {
		const ports = new WorldPorts(this.context, unit);
		const { types, uses } = typesOf(this.context, unit.types);
		ports.addTypes(types, uses);
		for (const item of unit.node.items) {
			if (item.kind === "import" || item.kind === "export") {
				this.#addExtern(unit, ports, item);
			} else if (item.kind === "use" && unit.types.gates.get(item)?.active) {
				const target = resolveUse(this.context, unit.scope, item, unit.active);
				if (target !== undefined) {
					ports.usedInterfaces.add(target);
				}
			}
		}
		for (const include of includes) {
			// A world of a circle comes before what it includes.
			const from = this.#ports.get(include.target);
			if (from !== undefined) {
				includeWorld(this.context, unit, ports, { ...include, ports: from }, this.#shared);
			}
		}
		return ports;
	}

	#addExtern(unit: WorldUnit, ports: WorldPorts, node: ExternNode): void {
		const verdict = resolveGates(this.context, unit.scope, node.gates);
		const active = unit.active && verdict.active;
		const entry = this.#entry(unit, node, verdict, active);
		if (entry !== undefined) {
			ports.add(node.kind, entry, active);
		}
	}

	#entry(unit: WorldUnit, node: ExternNode, { gates }: GateVerdict, active: boolean): WorldEntry | undefined {
		const { target } = node;
		const { scope } = unit;
		const docs = readDocs(scope.file.source, node.docs);
		switch (target.kind) {
			case "function": {
				const head = { kind: "freestanding", name: target.name, docs: node.docs, gates } as const;
				const func = resolveFunction(this.context, { types: unit.types, active }, head, target.type);
				return { kind: "function", name: target.name, scope, func };
			}
			case "inline": {
				const inline = this.#inlineInterface(unit, node, target, { gates, active });
				return { kind: "interface", name: target.name, place: target.name, scope, unit: inline, docs, gates, implied: false };
			}
			case "path": {
				const found = resolveInterfacePath(this.context, scope, target.path, active);
				return found && { kind: "interface", place: target.path, scope, unit: found, docs, gates, implied: false };
			}
			case "labelled": {
				const found = resolveInterfacePath(this.context, scope, target.path, active);
				return found && { kind: "interface", name: target.name, place: target.name, scope, unit: found, docs, gates, implied: false };
			}
			case "package":
				this.context.error("package-as-interface", scope, target.range, `a package cannot be ${node.kind}ed`, {
					help: "name one of its interfaces: `ns:package/interface`",
				});
				return undefined;
		}
	}

	#inlineInterface(unit: WorldUnit, node: ExternNode, { name, items }: InlineTarget, { gates, active }: GateVerdict): InterfaceUnit {
		const types = createTypeScope(this.context, unit.scope, { node: { kind: "interface", name, items }, gates, active });
		resolveTypes(this.context, types);
		checkDepths(this.context, [types]);
		const inline: InterfaceUnit = {
			kind: "interface",
			name,
			scope: unit.scope,
			items,
			gates: {},
			active,
			types,
			uses: new Map(),
			docs: node.docs,
		};
		resolveInterface(this.context, inline);
		return inline;
	}

	#worldItem(entry: WorldEntry): WorldItem {
		if (entry.kind === "function") {
			return { kind: "function", func: entry.func };
		}
		return {
			kind: "interface",
			interface: resolveInterface(this.context, entry.unit),
			...(entry.name === undefined ? {} : { name: entry.name.text }),
			implied: entry.implied,
			docs: entry.docs,
			gates: entry.gates,
		};
	}
}
