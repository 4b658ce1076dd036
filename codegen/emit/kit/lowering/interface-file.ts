/** The text of the file of one interface. */
import { deprecationOf } from "../../../model/deprecation.ts";
import type { Func, ResourceDef } from "../../../model/model.ts";
import { pascalCase } from "../../../model/names/spelling.ts";
import { fullName, functionsOf, type Unit } from "../../../model/units/unit.ts";
import { header, witSource } from "../header.ts";
import { delimited, tabs } from "../layout.ts";
import { guestExport } from "./guest-export.ts";
import { coreName, deprecationText, hostFunction, memberName } from "./host-function.ts";
import type { LoweringModule } from "./module.ts";

/** True for an interface that is more than types: a component links to its functions or resources. */
export function isOffered({ functions, types }: Unit): boolean {
	return functions.length > 0 || types.some((def) => def.kind === "resource");
}

/** The lowering of an interface as a constant. All that it needs is declared in the files of the folder. */
export function loweringText(module: LoweringModule, functions: readonly Func[]): string {
	const { unit } = module;
	const resources = resourcesOf(unit).map((def) => `${memberName(def.name)}: ${module.resource(def)}`);
	const deprecated = deprecationOf(unit);
	const lowered = functions.map((func) => hostFunction(func, module));
	return [
		`/** Lowering of \`${fullName(unit)}\`. */\n`,
		`export const ${module.alias}: ${module.runtimeType("InterfaceLowering")} = {\n`,
		`\tname: ${JSON.stringify(unit.id)},\n`,
		`\tversion: ${JSON.stringify(unit.version ?? "")},\n`,
		deprecated === undefined ? "" : `\t${deprecationText(deprecated, 1)}\n`,
		`\t${delimited("resources: {", resources, "},", 1, " ")}\n`,
		lowered.length === 0 ? "\tfunctions: {},\n" : `\tfunctions: {\n${lowered.join("")}\t},\n`,
		"};\n",
	].join("");
}

/** The lifting of an interface that guests export. A function that is not among `callable` is known by name only. */
export function liftingText(module: LoweringModule, callable: ReadonlySet<Func>): string {
	const { unit } = module;
	const resources = resourcesOf(unit);
	const classes = resources.map((def) => `${memberName(pascalCase(def.name))}: ${module.resource(def)}`);
	const entry = (name: string, func: Func): string =>
		`${tabs(2)}${memberName(name)}: ${callable.has(func) ? guestExport(func, module, 2) : "undefined"},\n`;
	const constructors = resources.flatMap(({ name, constructorFunc }) =>
		constructorFunc === undefined ? [] : [entry(pascalCase(name), constructorFunc)],
	);
	const functions = functionsOf(unit)
		.filter((func) => func.kind !== "constructor")
		.map((func) => entry(coreName(func), func));
	const member = (name: string, entries: readonly string[]): string =>
		entries.length === 0 ? `\t${name}: {},\n` : `\t${name}: {\n${entries.join("")}\t},\n`;
	return [
		`/** Lifting of \`${fullName(unit)}\`, which guests export. */\n`,
		`export const ${module.alias}: ${module.runtimeType("InterfaceLifting")} = {\n`,
		`\tname: ${JSON.stringify(unit.id)},\n`,
		`\tversion: ${JSON.stringify(unit.version ?? "")},\n`,
		`\t${delimited("resources: {", classes, "},", 1, " ")}\n`,
		member("constructors", constructors),
		member("functions", functions),
		"};\n",
	].join("");
}

function resourcesOf({ types }: Unit): ResourceDef[] {
	return types.filter((def) => def.kind === "resource");
}

/** `<interface>.ts`. Called after all files have asked for what they need. */
export function moduleFile(module: LoweringModule, offered: string | undefined, head = header([witSource(module.unit)])): string {
	const parts = [head, module.imports.toString(), module.toString(), offered ?? ""];
	return parts.filter((part) => part !== "").join("\n");
}
