/**
 * Implied imports of a world: an interface that uses types of another brings that other one along.
 *
 * An exported interface finds what it uses among the exports, if it is there, and among the imports otherwise.
 */
import type { Context } from "./context.ts";
import { order } from "./cycles.ts";
import type { InterfaceUnit, WorldUnit } from "./units.ts";
import type { InterfaceEntry, WorldEntry, WorldPorts } from "./world-ports.ts";

/** In the order they are needed: an interface after those it uses. */
export function impliedImports(context: Context, world: WorldUnit, ports: WorldPorts): InterfaceEntry[] {
	const closure = new Closure(context, world, ports);
	for (const used of ports.usedInterfaces) {
		closure.importOne(used);
	}
	for (const entry of interfaces(ports.imports)) {
		closure.importOne(entry.unit, true);
	}
	for (const entry of interfaces(ports.exports)) {
		closure.exportOne(entry.unit);
	}
	closure.checkExports();
	return closure.implied;
}

function interfaces(entries: readonly WorldEntry[]): InterfaceEntry[] {
	return entries.filter((entry) => entry.kind === "interface");
}

class Closure {
	readonly implied: InterfaceEntry[] = [];
	readonly #context: Context;
	readonly #world: WorldUnit;
	readonly #ports: WorldPorts;
	readonly #imported = new Set<InterfaceUnit>();
	readonly #exported = new Set<InterfaceUnit>();
	/** Interfaces that an export needs as imports. */
	readonly #neededByExports = new Set<InterfaceUnit>();

	constructor(context: Context, world: WorldUnit, ports: WorldPorts) {
		this.#context = context;
		this.#world = world;
		this.#ports = ports;
	}

	/** `declared` is set when the world names the interface itself, perhaps under another name. */
	importOne(unit: InterfaceUnit, declared = false): void {
		const missing = (each: InterfaceUnit) => activeUses(each).filter((used) => !this.#imported.has(used));
		for (const each of this.#imported.has(unit) ? [] : order([unit], missing).sorted) {
			this.#imported.add(each);
			if (!(declared && each === unit) && this.#ports.find("import", each) === undefined) {
				const { scope, node } = this.#world;
				const nothing = { text: "", tags: [] };
				this.implied.push({ kind: "interface", place: node.name, scope, unit: each, docs: nothing, gates: {}, implied: true });
			}
		}
	}

	exportOne(unit: InterfaceUnit): void {
		const open: Iterator<InterfaceUnit>[] = [];
		const enter = (each: InterfaceUnit): void => {
			if (!this.#exported.has(each)) {
				this.#exported.add(each);
				open.push(activeUses(each)[Symbol.iterator]());
			}
		};
		enter(unit);
		for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
			const step = top.next();
			if (step.done === true) {
				open.pop();
			} else if (this.#ports.find("export", step.value) !== undefined) {
				enter(step.value);
			} else {
				this.#needForExport(step.value);
			}
		}
	}

	#needForExport(unit: InterfaceUnit): void {
		const missing = (each: InterfaceUnit) => activeUses(each).filter((used) => !this.#neededByExports.has(used));
		for (const each of this.#neededByExports.has(unit) ? [] : order([unit], missing).sorted) {
			this.#neededByExports.add(each);
			this.importOne(each);
		}
	}

	/** Reports an interface that is imported and exported: its types would be two different sets under one name. */
	checkExports(): void {
		for (const unit of this.#neededByExports) {
			const entry = this.#ports.find("export", unit);
			if (entry !== undefined) {
				const message = `\`${unit.name.text}\` is exported, but another export needs it as an import`;
				this.#context.error("ambiguous-dependency", entry.scope, entry.place, message, {
					help: "export the interfaces in between as well, or do not export this one",
				});
			}
		}
	}
}

function activeUses(unit: InterfaceUnit): InterfaceUnit[] {
	return [...unit.uses].filter(([, node]) => unit.types.gates.get(node)?.active !== false).map(([used]) => used);
}
