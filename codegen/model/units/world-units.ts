/** A world as units: each interface that it imports or exports, and what stands in the world itself. */
import type { ResourceDef, TypeDef, TypeRef, World, WorldItem } from "../model.ts";
import { typesBelow } from "./crossing.ts";
import { fullName, functionsOf, interfaceUnit, ROOT, type Unit } from "./unit.ts";

export class WorldUnits {
	readonly world: World;
	/** Interfaces that the host implements, in the order of the world. */
	readonly imports: readonly Unit[];
	/** Interfaces that the guest implements. */
	readonly exports: readonly Unit[];
	/** Types of the world, and the functions that it imports outside interfaces. */
	readonly rootImports: Unit;
	/** Functions that the world exports outside interfaces. Types are those of the imports. */
	readonly rootExports: Unit;
	#directions: Directions | undefined;
	readonly #owners = new Map<TypeDef, { imported?: Unit; exported?: Unit }>();

	constructor(world: World) {
		this.world = world;
		const files = new FileNames();
		this.imports = world.imports.flatMap((item) => sideUnits(item, false, files));
		this.exports = world.exports.flatMap((item) => sideUnits(item, true, files));
		const base = { id: ROOT, docs: world.docs, gates: world.gates, span: world.span, uses: world.uses };
		const functions = (items: readonly WorldItem[]): Unit["functions"] =>
			items.flatMap((each) => (each.kind === "function" ? [each.func] : []));
		this.rootImports = { ...base, file: files.take("world"), isExported: false, types: world.types, functions: functions(world.imports) };
		this.rootExports = { ...base, file: files.take("world-exports"), isExported: true, types: [], functions: functions(world.exports) };
		for (const unit of [...this.imports, this.rootImports]) this.#own(unit, "imported");
		for (const unit of this.exports) this.#own(unit, "exported");
	}

	get all(): readonly Unit[] {
		return [...this.imports, ...this.exports, this.rootImports, this.rootExports];
	}

	/** The unit whose type `def` is where `from` refers to it. Undefined for a type that the world does not reach. */
	ownerOf(def: TypeDef, from: Unit): Unit | undefined {
		if (from.types.includes(def)) return from;
		const owners = this.#owners.get(def);
		const isFromExport = from.isExported && from !== this.rootExports;
		return isFromExport ? (owners?.exported ?? owners?.imported) : (owners?.imported ?? owners?.exported);
	}

	/** The way in which values of a type travel, seen from the guest. A type that no function reaches counts as travelling both ways. */
	directionOf(def: TypeDef): "sent" | "received" | "both" {
		this.#directions ??= directions(this.all);
		const { sent, received } = this.#directions;
		if (sent.has(def)) return received.has(def) ? "both" : "sent";
		return received.has(def) ? "received" : "both";
	}

	#own(unit: Unit, side: "imported" | "exported"): void {
		for (const def of unit.types) {
			const owners = this.#owners.get(def) ?? {};
			owners[side] ??= unit;
			this.#owners.set(def, owners);
		}
	}
}

/** The text of a resource inside the key of a function's type. `^` marks resources of the guest, which have no fixed name in a component. */
export function resourceKey(def: ResourceDef, owner: Unit): string {
	return `${owner.isExported ? "^" : ""}${owner.id}.${def.name}`;
}

function sideUnits(item: WorldItem, isExported: boolean, files: FileNames): Unit[] {
	if (item.kind === "function") return [];
	const { namespace, name } = item.interface.package;
	const wanted = item.name ?? `${namespace}-${name}-${item.interface.name}`;
	const unit = interfaceUnit(item.interface, files.take(isExported && files.has(wanted) ? `${wanted}-exports` : wanted));
	if (item.name === undefined) return [{ ...unit, isExported }];
	const { version: _, ...inline } = unit;
	return [{ ...inline, id: item.name, docs: item.docs, gates: item.gates, isExported }];
}

interface Directions {
	readonly sent: ReadonlySet<TypeDef>;
	readonly received: ReadonlySet<TypeDef>;
}

function directions(units: readonly Unit[]): Directions {
	const sent: TypeRef[] = [];
	const received: TypeRef[] = [];
	for (const unit of units) {
		for (const { params, result } of functionsOf(unit)) {
			(unit.isExported ? received : sent).push(...params.map((param) => param.type));
			if (result !== undefined) (unit.isExported ? sent : received).push(result);
		}
	}
	return { sent: definitionsIn(sent), received: definitionsIn(received) };
}

function definitionsIn(types: readonly TypeRef[]): Set<TypeDef> {
	return new Set(typesBelow(types).flatMap((type) => (type.kind === "named" ? [type.def] : [])));
}

/** Names of files. Some file systems take names that differ in case only for one. */
class FileNames {
	readonly #taken = new Set<string>(["index"]);

	has(wanted: string): boolean {
		return this.#taken.has(wanted.toLowerCase());
	}

	take(wanted: string): string {
		let name = wanted.toLowerCase();
		for (let count = 2; this.#taken.has(name); count += 1) name = `${wanted.toLowerCase()}-${count}`;
		this.#taken.add(name);
		return name;
	}
}

/** Interfaces that one side of a world has in several versions, by their name without version. */
export function severalVersions(units: readonly Unit[]): ReadonlyMap<string, readonly string[]> {
	const names = Map.groupBy(units, ({ id }) => id);
	return new Map([...names].filter(([, each]) => each.length > 1).map(([id, each]) => [id, each.map(fullName)]));
}
