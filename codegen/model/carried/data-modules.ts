/** The types of any package whose values JSON can hold, divided into the modules that are generated for them. */
import type { Docs, Func, Interface, Item, Model, Package, Span, TypeDef, TypeRef, World } from "../model.ts";
import { moduleName } from "../names/type-names.ts";
import { partsOf, typesBelow } from "../units/crossing.ts";
import { functionsOf } from "../units/unit.ts";
import { type DataDef, UnsupportedType } from "./data-types.ts";

/** Types of an interface, or of a world. */
export interface DataModule {
	/** Name of the generated files, without the extension. */
	readonly file: string;
	/** Name of the interface or world. */
	readonly name: string;
	readonly docs: Docs;
	readonly span: Span;
	/** Types that have a form in JSON, in order of declaration. */
	readonly types: readonly DataDef[];
	/** Names of the types and resources that have no form in JSON. */
	readonly others: readonly string[];
}

export class DataModules {
	/** Modules of the package itself. */
	readonly own: readonly DataModule[];
	/** Modules of other packages: types of the interfaces that the worlds name, and types that are parts of the package's values. */
	readonly foreign: readonly DataModule[];
	readonly #files = new Map<TypeDef, string>();

	constructor({ main, packages }: Model) {
		const own = withoutRepetition([...main.interfaces.map(ofInterface), ...main.worlds.flatMap((world) => ofWorld(world, main))]);
		const reached = typesFrom([...own, ...main.worlds.flatMap(interfacesOf)]);
		const foreign = packages
			.filter((each) => each !== main)
			.flatMap((from) => from.interfaces.map((iface) => ofForeign(iface, from)))
			.map((each) => ({ ...each, types: each.types.filter((def) => reached.has(def)) }));
		const isPlain = plainTypes([...own, ...foreign].flatMap(({ types }) => types));
		const taken = new Set<string>();
		const module = ({ wanted, item: { name, docs, span }, types: all }: Source): DataModule[] => {
			if (all.length === 0) return [];
			const file = freeName(wanted, taken);
			const types = all.filter((def) => def.kind !== "resource").filter(isPlain);
			for (const def of types) this.#files.set(def, file);
			return [{ file, name, docs, span, types, others: all.filter((def) => this.#files.get(def) !== file).map(({ name }) => name) }];
		};
		this.own = own.flatMap(module);
		this.foreign = foreign.flatMap(module);
	}

	/** Modules that have types. */
	get withTypes(): readonly DataModule[] {
		return [...this.own, ...this.foreign].filter(({ types }) => types.length > 0);
	}

	/** @throws UnsupportedType for a type that has no form in JSON */
	fileOf(def: TypeDef): string {
		const file = this.#files.get(def);
		if (file === undefined) throw new UnsupportedType(`\`${def.name}\` has no form in JSON`, def.span);
		return file;
	}
}

interface Source {
	readonly wanted: string;
	readonly item: Pick<Item, "name" | "docs" | "span">;
	readonly types: readonly TypeDef[];
	readonly functions: readonly Func[];
}

function ofInterface(iface: Interface): Source {
	return { wanted: moduleName(iface.name), item: iface, types: iface.types, functions: functionsOf(iface) };
}

function ofForeign(iface: Interface, { id }: Package): Source {
	return { ...ofInterface(iface), wanted: `${id.namespace}-${id.name}-${iface.name}`.toLowerCase() };
}

/** The interfaces that a world names. */
function interfacesOf({ imports, exports }: World): Source[] {
	return [...imports, ...exports].flatMap((item) =>
		item.kind === "interface" && item.name === undefined && !item.implied ? [ofInterface(item.interface)] : [],
	);
}

/** A world itself, and the interfaces that are written in it. The types of an included world are its own unless the package has that world. */
function ofWorld(world: World, main: Package): Source[] {
	const items = [...world.imports, ...world.exports];
	const inline = items.flatMap((item) =>
		item.kind === "interface" && item.name !== undefined
			? [{ ...ofInterface(item.interface), wanted: `${moduleName(world.name)}-${moduleName(item.name)}` }]
			: [],
	);
	const types = world.types.filter(({ owner }) => owner.name === world.name || main.worlds.every(({ name }) => name !== owner.name));
	const functions = items.flatMap((item) => (item.kind === "function" ? [item.func] : []));
	return [{ wanted: moduleName(world.name), item: world, types, functions }, ...inline];
}

/** Each type in the first of the sources that has it: two worlds may include the same one. */
function withoutRepetition(sources: readonly Source[]): Source[] {
	const known = new Set<TypeDef>();
	return sources.map((source) => {
		const types = source.types.filter((def) => !known.has(def));
		for (const def of types) known.add(def);
		return { ...source, types };
	});
}

/** All types, and all types that are parts of their values or of those of their functions. */
function typesFrom(sources: readonly Source[]): ReadonlySet<TypeDef> {
	const found = new Set<TypeDef>(sources.flatMap(({ types }) => types));
	const refs = sources.flatMap(({ functions }) => functions).flatMap(({ params, result }) => [...params.map(({ type }) => type), result]);
	for (const type of typesBelow(refs.filter((each) => each !== undefined))) if (type.kind === "named") found.add(type.def);
	for (const def of found) for (const type of typesIn(def)) if (type.kind === "named") found.add(type.def);
	return found;
}

/** Returns a test for types that have a form in JSON. A type has none if it holds a handle, a stream or a future, at any depth. */
function plainTypes(types: readonly TypeDef[]): (def: DataDef) => boolean {
	const uses = types.flatMap((def) => typesIn(def).map((type) => ({ def, type })));
	const formless = new Set<TypeDef>(uses.flatMap(({ def, type }) => (isPlain(type) ? [] : [def])));
	const users = Map.groupBy(uses, ({ type }): TypeDef | undefined => (type.kind === "named" ? type.def : undefined));
	for (const def of formless) for (const user of users.get(def) ?? []) formless.add(user.def);
	return (def) => !formless.has(def);
}

/** All types that a definition is written with, those of its parts excepted. */
function typesIn(def: TypeDef): TypeRef[] {
	if (def.kind === "resource") return [];
	const found = partsOf({ kind: "named", def, span: def.span });
	for (const type of found) if (type.kind !== "named") found.push(...partsOf(type));
	return found;
}

function isPlain(type: TypeRef): boolean {
	switch (type.kind) {
		case "handle":
		case "stream":
		case "future":
			return false;
		case "primitive":
			return type.name !== "error-context";
		case "map":
			return type.key.kind === "primitive" && type.key.name === "string";
		default:
			return true;
	}
}

function freeName(wanted: string, taken: Set<string>): string {
	let name = wanted;
	while (taken.has(name)) name += "_";
	taken.add(name);
	return name;
}
