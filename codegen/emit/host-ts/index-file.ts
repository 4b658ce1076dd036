/** `index.ts`: what a host imports to run a component of a world. */
import { importName } from "../../model/build-abi.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { exportMembers } from "../../model/units/export-members.ts";
import { type Unit, unitAlias } from "../../model/units/unit.ts";
import type { WorldUnits } from "../../model/units/world-units.ts";
import { docComment, docText } from "../kit/doc-comment.ts";
import { generalHeader } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { memberText, type TypesModule } from "./types-file.ts";

/** Packages of WASI 0.2 that the engine implements. A host may replace them. */
const ENGINE_WASI = /^wasi:(?:cli|clocks|filesystem|io|random)\//;

export function indexFile(units: WorldUnits, modules: ReadonlyMap<Unit, TypesModule>, runtime: string): string {
	const imports = new Imports();
	const typesOf = (unit: Unit): string => imports.typeNamespace(unitAlias(unit), `./types/${unit.file}.ts`);
	const component = imports.value("BoundComponent", runtime);
	for (const name of ["ComponentSource", "Instance", "InstantiateOptions", "LoadOptions"]) imports.type(name, runtime);
	const bindings = imports.value("BINDINGS", "./lowering/bindings.ts");
	const rootText = (unit: Unit, name: (wit: string) => string): string[] => {
		const module = modules.get(unit);
		if (module === undefined) return [];
		const scope = module.scope.renamed(imports, typesOf);
		const classes = module.resources.map((def) => `\treadonly ${JSON.stringify(def.name)}: ${typesOf(unit)}.${module.classOf(def)};\n`);
		return [...classes, ...unit.functions.map((func) => memberText(func, name(func.name), { unit, scope }))];
	};
	const byId = new Map(units.imports.map((unit) => [unit.id, unit]));
	const imported = [...byId.values()].flatMap((unit) => {
		const module = modules.get(unit);
		if (module?.isImplemented !== true) return [];
		const isEngines = ENGINE_WASI.test(unit.id) && unit.version?.startsWith("0.2.") === true;
		const doc = docComment(
			[docText({ docs: unit.docs }), isEngines ? "The engine implements this interface where the host does not." : ""]
				.filter((part) => part !== "")
				.join("\n\n"),
			1,
		);
		return [`${doc}\treadonly ${JSON.stringify(unit.id)}${isEngines ? "?" : ""}: ${typesOf(unit)}.${module.implementation};\n`];
	});
	const exported = units.exports.flatMap((unit) => {
		const module = modules.get(unit);
		if (module?.isImplemented !== true) return [];
		const type = `${typesOf(unit)}.${module.implementation}`;
		return exportMembers(unit, units).map(
			(name) => `${docComment(docText({ docs: unit.docs }), 1)}\treadonly ${memberName(name)}: ${type};\n`,
		);
	});
	const importTexts = [...imported, ...rootText(units.rootImports, (name) => JSON.stringify(name))];
	const exportTexts = [...exported, ...rootText(units.rootExports, camelCase)];
	const world = `\`${importName(units.world.package, units.world.name)}\``;
	const parts = [
		docComment(`Imports of ${world}, as the host implements them.`) + interfaceText("Imports", importTexts),
		docComment(`Exports of ${world}. A call at a time: an instance runs one function after another.`) +
			interfaceText("Exports", exportTexts),
		`${docComment(
			"Loads a component of the world. Runs no code of it. The component can be instantiated any number of times.\n\n" +
				"@param source path or bytes of the component\n" +
				"@throws SpearError `invalid_request` naming what the component imports, exports or needs that the world or the engine does not have",
		)}export function load(source: ComponentSource, options?: LoadOptions): Promise<${component}<Imports, Exports>> {\n` +
			`\treturn ${component}.load<Imports, Exports>(source, ${bindings}, options);\n}\n`,
		`${docComment(
			"Loads a component of the world and creates one instance, with a memory of its own. Dispose of the exports to end the instance.\n\n" +
				"@throws SpearError as `load`, and `invalid_request` for imports that are missing",
		)}export async function instantiate(\n\tsource: ComponentSource,\n\timports: Imports,\n\toptions: LoadOptions & InstantiateOptions = {},\n): Promise<Instance<Exports>> {\n` +
			"\tconst component = await load(source, options);\n\treturn component.instantiate(imports, options);\n}\n",
	];
	return [generalHeader([units.world]), imports.toString(), ...parts].join("\n");
}

function interfaceText(name: string, members: readonly string[]): string {
	if (members.length === 0) return `export type ${name} = Readonly<Record<never, never>>;\n`;
	return `export interface ${name} {\n${members.join("")}}\n`;
}

function memberName(name: string): string {
	return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
