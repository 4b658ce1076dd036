/**
 * The outline of a reference: a section for each interface and each world of every package, and the place where each type is described.
 * The Markdown pages and the HTML page are two prints of one outline.
 *
 * Anchors are made of the names in the WIT, so they stay as long as the names do: `cchat.session.send`, `agent:export.run`,
 * `wasi:io/poll.pollable`. A colon after a name cannot be part of a name, so `session:constructor` is not the method `constructor`.
 */
import type { Abi, AbiInterface, Family } from "../../model/abi.ts";
import { importName } from "../../model/build-abi.ts";
import type { Func, Interface, Package, PackageId, TypeDef, World, WorldItem } from "../../model/model.ts";
import { moduleName } from "../../model/names/type-names.ts";

export type Section = InterfaceSection | WorldSection;

interface SectionBase {
	/** As readers know the section: the bare name in the main package, the full name in any other. */
	readonly title: string;
	/** Anchor on the HTML page. */
	readonly id: string;
	/** Path of the Markdown page, relative to the reference. */
	readonly page: string;
	/** Name by which components import the interface, or tools know the world. */
	readonly fullName: string;
}

export interface InterfaceSection extends SectionBase {
	readonly kind: "interface";
	readonly interface: Interface;
	readonly family?: Family;
	readonly streams: AbiInterface["streams"];
}

export interface WorldSection extends SectionBase {
	readonly kind: "world";
	readonly world: World;
	/** Interfaces that the world itself declares: `import name: interface {…}`. */
	readonly inline: readonly InterfaceSection[];
	/** The world's own types. Types of an included world are described there, unless the inclusion renames them. */
	readonly types: readonly TypeDef[];
}

export interface PackageOutline {
	readonly package: Package;
	/** `wasi:io@0.2.0` */
	readonly title: string;
	readonly interfaces: readonly InterfaceSection[];
	readonly worlds: readonly WorldSection[];
}

export class Outline {
	/** The main package first, then its dependencies. */
	readonly packages: readonly PackageOutline[];
	readonly abi: Abi;
	readonly #types = new Map<TypeDef, Section>();
	readonly #interfaces = new Map<Interface, InterfaceSection>();

	constructor(abi: Abi) {
		this.abi = abi;
		const { packages, main } = abi.model;
		const places = packages.map((each) => ({ package: each, place: each === main ? MAIN : dependency(each.id, packages) }));
		// What is left without a section after the interfaces of all packages is a world's own.
		const described = places.map(({ package: { interfaces }, place }) => interfaces.map((iface) => this.#interface(iface, place)));
		this.packages = places.map(({ package: each, place }, index) => ({
			package: each,
			title: packageName(each.id),
			interfaces: described[index] ?? [],
			worlds: each.worlds.map((world) => this.#world(world, place)),
		}));
	}

	get main(): PackageOutline {
		const [main] = this.packages;
		if (main === undefined) throw new Error("a model has at least one package");
		return main;
	}

	/** All sections in the order of the page, those of inline interfaces after their world. */
	sections(): Section[] {
		return this.packages.flatMap(({ interfaces, worlds }) => [...interfaces, ...worlds.flatMap((world) => [world, ...world.inline])]);
	}

	/** The section that describes a type. */
	sectionOfType(def: TypeDef): Section {
		const section = this.#types.get(def);
		if (section === undefined) throw new Error(`type '${def.name}' belongs to no package of the model`);
		return section;
	}

	sectionOfInterface(iface: Interface): InterfaceSection {
		const section = this.#interfaces.get(iface);
		if (section === undefined) throw new Error(`interface '${iface.name}' belongs to no package of the model`);
		return section;
	}

	typeId(def: TypeDef): string {
		return `${this.sectionOfType(def).id}.${def.name}`;
	}

	#interface(iface: Interface, place: Place): InterfaceSection {
		const fullName = importName(iface.package, iface.name);
		const entry = this.abi.interfaces.find((each) => each.interface === iface);
		return this.#addInterface({
			kind: "interface",
			interface: iface,
			title: place === MAIN ? iface.name : fullName,
			id: place.id + iface.name,
			page: `${place.folder}${moduleName(iface.name)}.md`,
			fullName,
			streams: entry?.streams ?? [],
			...(entry?.family === undefined ? {} : { family: entry.family }),
		});
	}

	#addInterface(section: InterfaceSection): InterfaceSection {
		this.#interfaces.set(section.interface, section);
		for (const def of section.interface.types) this.#types.set(def, section);
		return section;
	}

	#world(world: World, place: Place): WorldSection {
		const fullName = importName(world.package, world.name);
		const id = place.id + world.name;
		const folder = `${place.folder}worlds/`;
		const inline: InterfaceSection[] = [];
		for (const [direction, item] of portsOf(world)) {
			// A world that includes another has the very interfaces of that one.
			if (item.kind === "function" || item.name === undefined || this.#interfaces.has(item.interface)) continue;
			inline.push(
				this.#addInterface({
					kind: "interface",
					interface: item.interface,
					title: item.name,
					id: `${id}:${direction}.${item.name}`,
					page: `${folder}${moduleName(world.name)}/${direction}-${item.name.toLowerCase()}.md`,
					fullName: item.name,
					streams: [],
				}),
			);
		}
		const types = world.types.filter((def) => isOwnType(def, world) || !this.#isDescribed(def));
		const title = place === MAIN ? world.name : fullName;
		const section: WorldSection = {
			kind: "world",
			world,
			title,
			id,
			page: `${folder}${moduleName(world.name)}.md`,
			fullName,
			inline,
			types,
		};
		for (const def of types) this.#types.set(def, section);
		return section;
	}

	/** True for a type that some world declares, maybe an included one. A type that an inclusion renames is a copy, which only the including world has. */
	#isDescribed(def: TypeDef): boolean {
		return this.#types.has(def) || this.abi.model.packages.some(({ worlds }) => worlds.some((world) => declares(world, def)));
	}
}

export type Direction = "import" | "export";

/** Imports, then exports of a world. */
export function portsOf(world: World): [Direction, WorldItem][] {
	return [
		...world.imports.map((item): [Direction, WorldItem] => ["import", item]),
		...world.exports.map((item): [Direction, WorldItem] => ["export", item]),
	];
}

/** Constructor, methods and static functions of a resource; none of any other type. */
export function functionsOf(def: TypeDef): readonly Func[] {
	if (def.kind !== "resource") return [];
	return def.constructorFunc === undefined ? def.functions : [def.constructorFunc, ...def.functions];
}

/** `wasi:io@0.2.0` */
export function packageName({ namespace, name, version }: PackageId): string {
	return `${namespace}:${name}${version === undefined ? "" : `@${version}`}`;
}

interface Place {
	/** Before the name of an interface, in anchors. */
	readonly id: string;
	/** Before the name of a page. */
	readonly folder: string;
}

const MAIN: Place = { id: "", folder: "" };

/** The anchor has a version only where two versions of the package are there. */
function dependency(id: PackageId, packages: readonly Package[]): Place {
	const versions = packages.filter((each) => each.id.namespace === id.namespace && each.id.name === id.name);
	const anchor = versions.length > 1 ? packageName(id) : packageName({ namespace: id.namespace, name: id.name });
	const version = id.version === undefined ? "" : `@${id.version}`;
	return { id: `${anchor}/`, folder: `deps/${moduleName(id.namespace)}/${moduleName(id.name)}${version}/` };
}

function isOwnType({ owner }: TypeDef, world: World): boolean {
	return owner.name === world.name && packageName(owner.package) === packageName(world.package);
}

function declares(world: World, def: TypeDef): boolean {
	return isOwnType(def, world) && world.types.includes(def);
}
