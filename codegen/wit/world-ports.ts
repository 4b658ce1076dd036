/** The imports and exports of a world while it is put together: what is taken, and what clashes. */
import type { Docs, Func, Gates, TypeDef, Use } from "../model/model.ts";
import type { Context } from "./context.ts";
import { NameSpace } from "./name-space.ts";
import type { Name, Range } from "./syntax.ts";
import type { FileScope, InterfaceUnit, WorldUnit } from "./units.ts";

export type WorldEntry = InterfaceEntry | FunctionEntry;

export interface InterfaceEntry {
	readonly kind: "interface";
	/** Set for `import name: …`. */
	readonly name?: Name;
	/** The place in the world that names it. */
	readonly place: Range;
	readonly scope: FileScope;
	readonly unit: InterfaceUnit;
	readonly docs: Docs;
	readonly gates: Gates;
	readonly implied: boolean;
}

export interface FunctionEntry {
	readonly kind: "function";
	readonly name: Name;
	readonly scope: FileScope;
	readonly func: Func;
}

export type Direction = "import" | "export";

export class WorldPorts {
	readonly imports: WorldEntry[] = [];
	readonly exports: WorldEntry[] = [];
	readonly types: TypeDef[] = [];
	readonly uses: Use[] = [];
	/** Interfaces whose types the world itself uses. */
	readonly usedInterfaces = new Set<InterfaceUnit>();
	readonly #context: Context;
	readonly #names: Record<Direction, NameSpace>;
	/** Entries under an interface's own name. */
	readonly #byInterface = { import: new Map<InterfaceUnit, InterfaceEntry>(), export: new Map<InterfaceUnit, InterfaceEntry>() };
	/** Interfaces the world itself names, those that a feature gate hides too. */
	readonly #declared = { import: new Map<InterfaceUnit, InterfaceEntry>(), export: new Map<InterfaceUnit, InterfaceEntry>() };
	readonly #world: string;

	constructor(context: Context, unit: WorldUnit) {
		this.#context = context;
		this.#world = unit.types.label;
		this.#names = {
			import: new NameSpace(context, `among the imports of ${this.#world}`),
			export: new NameSpace(context, `among the exports of ${this.#world}`),
		};
		// Types of a world are imports of the component, and share their names.
		for (const entry of unit.types.entries.values()) {
			this.#names.import.take(unit.scope, entry.name);
		}
	}

	addTypes(types: readonly TypeDef[], uses: readonly Use[]): void {
		for (const type of types) {
			this.types.push(type);
		}
		for (const use of uses) {
			this.uses.push(use);
		}
	}

	/** Adds an item the world declares. An inactive one only takes its name. */
	add(direction: Direction, entry: WorldEntry, active: boolean): void {
		if (entry.name !== undefined) {
			this.#names[direction].declare(entry.scope, entry.name);
		} else if (entry.kind === "interface" && this.#isRepeated(direction, entry)) {
			return;
		}
		if (active) {
			this.#put(direction, entry);
		}
	}

	#put(direction: Direction, entry: WorldEntry): void {
		this.list(direction).push(entry);
		if (entry.kind === "interface" && entry.name === undefined && !this.#byInterface[direction].has(entry.unit)) {
			this.#byInterface[direction].set(entry.unit, entry);
		}
	}

	#isRepeated(direction: Direction, entry: InterfaceEntry): boolean {
		const earlier = this.#declared[direction].get(entry.unit);
		this.#declared[direction].set(entry.unit, earlier ?? entry);
		if (earlier !== undefined) {
			const message = `interface \`${entry.unit.name.text}\` is ${direction}ed twice by ${this.#world}`;
			this.#context.error("duplicate-interface", entry.scope, entry.place, message, {
				related: [{ message: `first ${direction}ed here`, span: this.#context.span(earlier.scope, earlier.place) }],
			});
		}
		return earlier !== undefined;
	}

	/** Adds an item of an included world; the same interface is kept once, a plain name must still be free. */
	include(direction: Direction, entry: WorldEntry, name: Name | undefined, place: FileScope): void {
		if (name !== undefined) {
			if (this.#names[direction].take(place, name)) {
				this.#put(direction, entry);
			}
		} else if (entry.kind === "interface" && this.find(direction, entry.unit) === undefined) {
			this.#put(direction, entry);
		}
	}

	includeType(name: Name, place: FileScope): boolean {
		return this.#names.import.take(place, name);
	}

	/** The entry that imports or exports an interface under its own name. */
	find(direction: Direction, unit: InterfaceUnit): InterfaceEntry | undefined {
		return this.#byInterface[direction].get(unit);
	}

	list(direction: Direction): WorldEntry[] {
		return direction === "import" ? this.imports : this.exports;
	}
}
