/**
 * Imports tracked by use: asking for a name while printing code imports the name. So a file imports exactly the names that it uses.
 */
import { NameScope } from "../../model/names/name-scope.ts";
import { delimited } from "./layout.ts";

interface Import {
	/** Name as exported, or as wished for the namespace. */
	readonly name: string;
	/** Name in the file. */
	readonly local: string;
	/** True if some use needs the value and not just the type. */
	isValue: boolean;
}

interface ModuleImports {
	readonly names: Map<string, Import>;
	readonly namespaces: Map<string, Import>;
}

export class Imports {
	/** Names of the file. What the file declares has to be taken before the first import. */
	readonly scope: NameScope;
	readonly #modules = new Map<string, ModuleImports>();

	/** @param taken names that the file declares or uses by itself */
	constructor(taken: Iterable<string> = []) {
		this.scope = new NameScope(taken);
	}

	/** Imports `name` for use as a type. Returns the name in this file, to be put into the code: `name`, unless that is taken. */
	type(name: string, module: string): string {
		return this.#add("names", name, module, false);
	}

	/** Imports `name` for use as a value (or as both). */
	value(name: string, module: string): string {
		return this.#add("names", name, module, true);
	}

	/** `import type * as alias`. Returns the alias: the one wished for, unless that is taken. */
	typeNamespace(alias: string, module: string): string {
		return this.#add("namespaces", alias, module, false);
	}

	/** `import * as alias`. */
	valueNamespace(alias: string, module: string): string {
		return this.#add("namespaces", alias, module, true);
	}

	/** The import statements, each with a line end, in the formatter's order; empty when nothing was asked for. */
	toString(): string {
		const modules = [...this.#modules].sort(([a], [b]) => compareModules(a, b));
		return modules.map(([module, imports]) => namespaceLines(module, imports) + nameLine(module, imports)).join("");
	}

	#add(kind: keyof ModuleImports, name: string, module: string, isValue: boolean): string {
		let imports = this.#modules.get(module);
		if (imports === undefined) {
			imports = { names: new Map(), namespaces: new Map() };
			this.#modules.set(module, imports);
		}
		// A module has one namespace, whatever the wish of later uses.
		const known = kind === "names" ? imports.names.get(name) : [...imports.namespaces.values()][0];
		if (known !== undefined) {
			known.isValue ||= isValue;
			return known.local;
		}
		const local = this.scope.take(name);
		imports[kind].set(name, { name, local, isValue });
		return local;
	}
}

function namespaceLines(module: string, { namespaces }: ModuleImports): string {
	return [...namespaces.values()]
		.map(({ local, isValue }) => `import ${isValue ? "" : "type "}* as ${local} from ${JSON.stringify(module)};\n`)
		.join("");
}

function nameLine(module: string, { names }: ModuleImports): string {
	if (names.size === 0) return "";
	const sortedNames = [...names.values()].sort((a, b) => compareNames(a.name, b.name));
	const allTypes = sortedNames.every(({ isValue }) => !isValue);
	const items = sortedNames.map(({ name, local, isValue }) => {
		const text = local === name ? name : `${name} as ${local}`;
		return isValue || allTypes ? text : `type ${text}`;
	});
	return `${delimited(`import ${allTypes ? "type " : ""}{`, items, `} from ${JSON.stringify(module)};`, 0, " ")}\n`;
}

/** Packages first, then modules from far to near: `../../`, `../`, `./`. */
function compareModules(a: string, b: string): number {
	return distance(b) - distance(a) || compareText(a, b);
}

function distance(module: string): number {
	if (!module.startsWith(".")) return Number.POSITIVE_INFINITY;
	return module.split("../").length;
}

/** Without regard to case first, as the formatter sorts. */
function compareNames(a: string, b: string): number {
	return compareText(a.toLowerCase(), b.toLowerCase()) || compareText(a, b);
}

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
