/**
 * Imports tracked by use: asking for a name while printing code imports the name. So a file imports exactly the names that it uses.
 */
import { delimited } from "./layout.ts";

interface ModuleImports {
	/** Name as exported → whether some use needs the value and not just the type. */
	readonly names: Map<string, boolean>;
	/** Namespace alias → the same. */
	readonly namespaces: Map<string, boolean>;
}

export class Imports {
	readonly #modules = new Map<string, ModuleImports>();

	/** Imports `name` for use as a type. Returns the name, to be put into the code. */
	type(name: string, module: string): string {
		return this.#add("names", name, module, false);
	}

	/** Imports `name` for use as a value (or as both). */
	value(name: string, module: string): string {
		return this.#add("names", name, module, true);
	}

	/** `import type * as alias`. */
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
		imports[kind].set(name, isValue || imports[kind].get(name) === true);
		return name;
	}
}

function namespaceLines(module: string, { namespaces }: ModuleImports): string {
	return [...namespaces]
		.sort(([a], [b]) => compareText(a, b))
		.map(([alias, isValue]) => `import ${isValue ? "" : "type "}* as ${alias} from ${JSON.stringify(module)};\n`)
		.join("");
}

function nameLine(module: string, { names }: ModuleImports): string {
	if (names.size === 0) return "";
	const sortedNames = [...names].sort(([a], [b]) => compareNames(a, b));
	const allTypes = sortedNames.every(([, isValue]) => !isValue);
	const items = sortedNames.map(([name, isValue]) => (isValue || allTypes ? name : `type ${name}`));
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
