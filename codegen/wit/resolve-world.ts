/** Resolves a world: its own imports and exports, those of the worlds it includes, and the interfaces that all of these need. */
import type { World, WorldItem } from "../model/model.ts";
import type { Context } from "./context.ts";
import { readDocs } from "./docs.ts";
import { resolveFunction } from "./resolve-function.ts";
import { resolveGates } from "./resolve-gates.ts";
import { resolveInterface, resolveTypes } from "./resolve-interface.ts";
import { resolveInterfacePath, resolveWorldPath } from "./resolve-path.ts";
import type { TypeResolver } from "./resolve-types.ts";
import type { ExternNode, InterfaceItem, Name } from "./syntax.ts";
import { createTypeScope } from "./type-scope.ts";
import type { GateVerdict, InterfaceUnit, WorldUnit } from "./units.ts";
import { impliedImports } from "./world-closure.ts";
import { includeWorld } from "./world-include.ts";
import { type WorldEntry, WorldPorts } from "./world-ports.ts";

export class WorldResolver {
	readonly context: Context;
	readonly types: TypeResolver;
	readonly #ports = new Map<WorldUnit, WorldPorts>();
	/** Worlds being resolved: one that includes itself shows up here. */
	readonly #chain: WorldUnit[] = [];

	constructor(context: Context, types: TypeResolver) {
		this.context = context;
		this.types = types;
	}

	resolve(unit: WorldUnit): World {
		const ports = this.ports(unit);
		const implied = impliedImports(this.context, unit, ports);
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
	ports(unit: WorldUnit): WorldPorts {
		const known = this.#ports.get(unit);
		if (known !== undefined) {
			return known;
		}
		const ports = new WorldPorts(this.context, unit);
		this.#ports.set(unit, ports);
		this.#chain.push(unit);
		const { types, uses } = resolveTypes(this.types, unit.types);
		ports.addTypes(types, uses);
		for (const item of unit.node.items) {
			if (item.kind === "import" || item.kind === "export") {
				this.#addExtern(unit, ports, item);
			} else if (item.kind === "use" && unit.types.gates.get(item)?.active) {
				const target = resolveInterfacePath(this.context, unit.scope, item.path, unit.active);
				if (target !== undefined) {
					ports.usedInterfaces.add(target);
				}
			}
		}
		for (const item of unit.node.items) {
			if (item.kind === "include") {
				const active = unit.active && resolveGates(this.context, unit.scope, item.gates).active;
				const target = resolveWorldPath(this.context, unit.scope, item.path, active);
				if (target !== undefined && !this.#reportIncludeCycle(unit, target, item.path)) {
					includeWorld(this.context, unit, ports, { node: item, target, ports: this.ports(target), active });
				}
			}
		}
		this.#chain.pop();
		return ports;
	}

	#reportIncludeCycle(unit: WorldUnit, target: WorldUnit, place: { start: number; end: number }): boolean {
		const start = this.#chain.indexOf(target);
		if (start < 0) {
			return false;
		}
		const path = [...this.#chain.slice(start), target].map((each) => `\`${each.name.text}\``).join(" → ");
		this.context.error("include-cycle", unit.scope, place, `world \`${target.name.text}\` includes itself: ${path}`);
		return true;
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
				const func = resolveFunction(this.types, { types: unit.types, active }, head, target.type);
				return { kind: "function", name: target.name, scope, func };
			}
			case "inline": {
				const inline = this.#inlineInterface(unit, node, target.name, target.items, active);
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

	#inlineInterface(unit: WorldUnit, node: ExternNode, name: Name, items: readonly InterfaceItem[], active: boolean): InterfaceUnit {
		const types = createTypeScope(this.context, unit.scope, { node: { kind: "interface", name, items }, active });
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
		resolveInterface(this.types, inline);
		return inline;
	}

	#worldItem(entry: WorldEntry): WorldItem {
		if (entry.kind === "function") {
			return { kind: "function", func: entry.func };
		}
		return {
			kind: "interface",
			interface: resolveInterface(this.types, entry.unit),
			...(entry.name === undefined ? {} : { name: entry.name.text }),
			implied: entry.implied,
			docs: entry.docs,
			gates: entry.gates,
		};
	}
}
