/** Finds the items that comments name in code: `` `request` ``, `` `session.send` ``, `` `types.error` ``. */
import type { Func, Package, TypeDef, TypeRef } from "../../../model/model.ts";
import { functionsOf, type Outline, type Section } from "../outline.ts";
import { functionId, memberId, membersOf } from "./anchors.ts";
import type { FindName } from "./prose.ts";

type Names = ReadonlyMap<string, string>;

const NONE: Names = new Map();

export class NameFinder {
	readonly #outline: Outline;
	/** Names of what a section declares. */
	readonly #declared = new Map<Section, Names>();
	/** Names that a section uses of others. */
	readonly #used = new Map<Section, Names>();
	readonly #packages = new Map<Package, ReadonlyMap<string, Section>>();
	readonly #packageOf = new Map<Section, Package>();
	readonly #cases = new Map<TypeDef, Names>();

	constructor(outline: Outline) {
		this.#outline = outline;
		for (const { package: each, interfaces, worlds } of outline.packages) {
			this.#packages.set(each, new Map([...interfaces, ...worlds].map((section) => [nameOf(section), section])));
			for (const section of [...interfaces, ...worlds.flatMap((world) => [world, ...world.inline])]) this.#packageOf.set(section, each);
		}
		for (const section of outline.sections()) {
			this.#declared.set(section, declaredNames(outline, section));
			const { uses } = section.kind === "interface" ? section.interface : section.world;
			this.#used.set(section, new Map(uses.map(({ name, target }) => [name, outline.typeId(target)])));
		}
	}

	/**
	 * Returns the finder for the comment of the item `id`. The nearest item of a name wins. The order is: parts of `def`, declarations
	 * of the section, types that it uses, errors of `functions` with their cases, other sections of the package. A comment does not link to
	 * its own item.
	 */
	within(section: Section, id: string, def?: TypeDef, functions: readonly Func[] = def === undefined ? [] : functionsOf(def)): FindName {
		const members: Names = def === undefined ? NONE : memberNames(this.#outline, def);
		return (name) => {
			const found = members.get(name) ?? this.#inSection(section, name) ?? this.#case(functions, name) ?? this.#inPackage(section, name);
			return found === id ? undefined : found;
		};
	}

	#inSection(section: Section, name: string): string | undefined {
		return this.#declared.get(section)?.get(name) ?? this.#used.get(section)?.get(name);
	}

	#inPackage(section: Section, name: string): string | undefined {
		const owner = this.#packageOf.get(section);
		const sections = owner === undefined ? undefined : this.#packages.get(owner);
		const whole = sections?.get(name);
		if (whole !== undefined) return whole.id;
		const dot = name.indexOf(".");
		const head = dot < 0 ? undefined : sections?.get(name.slice(0, dot));
		return head === undefined ? undefined : this.#declared.get(head)?.get(name.slice(dot + 1));
	}

	#case(functions: readonly Func[], name: string): string | undefined {
		for (const { result } of functions) {
			const error = result?.kind === "result" && result.err?.kind === "named" ? result.err.def : undefined;
			const found = error === undefined ? undefined : this.#casesOf(error).get(name);
			if (found !== undefined) return found;
		}
		return undefined;
	}

	/** An error and its cases, or the enums that an error record holds and theirs. */
	#casesOf(error: TypeDef): Names {
		let cases = this.#cases.get(error);
		if (cases === undefined) {
			const defs = error.kind === "record" ? error.fields.flatMap(({ type }) => enumOf(type)) : [error];
			const choices = defs.filter((def) => def.kind === "enum" || def.kind === "variant");
			cases = new Map(choices.flatMap((def) => [[def.name, this.#outline.typeId(def)], ...memberNames(this.#outline, def)]));
			this.#cases.set(error, cases);
		}
		return cases;
	}
}

function nameOf(section: Section): string {
	return section.kind === "interface" ? section.interface.name : section.world.name;
}

function enumOf(type: TypeRef): TypeDef[] {
	return type.kind === "named" && type.def.kind === "enum" ? [type.def] : [];
}

function declaredNames(outline: Outline, section: Section): Names {
	const types = section.kind === "interface" ? section.interface.types : section.types;
	const functions = section.kind === "interface" ? section.interface.functions : [];
	return new Map([
		...types.flatMap((def): [string, string][] => [
			[def.name, outline.typeId(def)],
			...[...memberNames(outline, def)].map(([name, id]): [string, string] => [`${def.name}.${name}`, id]),
		]),
		...functions.map((func): [string, string] => [func.name, functionId(section.id, func)]),
	]);
}

/** Fields, cases, flags, or functions but the constructor, which has no name. */
function memberNames(outline: Outline, def: TypeDef): Names {
	const id = outline.typeId(def);
	const functions = functionsOf(def).filter((func) => func.kind !== "constructor");
	return new Map([
		...membersOf(def).map(({ name }): [string, string] => [name, memberId(id, name)]),
		...functions.map((func): [string, string] => [func.name, functionId(id, func)]),
	]);
}
