/** The text of the files of one folder of generated lowering. */
import { allFunctions, importName } from "../../../model/build-abi.ts";
import { deprecationOf } from "../../../model/deprecation.ts";
import type { Func, Interface, World } from "../../../model/model.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { delimited } from "../../kit/layout.ts";
import { guestExport } from "./guest-export.ts";
import { deprecationText, hostFunction, memberName } from "./host-function.ts";
import { functionKey, identity } from "./key.ts";
import type { PlainDef } from "./layout.ts";
import { type Folder, LoweringModule } from "./module.ts";

/** True for an interface that is more than types: a component links to its functions or resources. */
export function isOffered(iface: Interface): boolean {
	return iface.functions.length > 0 || iface.types.some((def) => def.kind === "resource");
}

/** The lowering of an interface as a constant. All that it needs is declared in the files of the folder. */
export function interfaceText(iface: Interface, module: LoweringModule): string {
	const owner = { owner: { kind: "interface", package: iface.package, name: iface.name } } as const;
	const resources = iface.types.flatMap((def) => (def.kind === "resource" ? [`${memberName(def.name)}: ${module.resource(def)}`] : []));
	const functions = allFunctions(iface)
		.concat(iface.types.flatMap(constructorOf))
		.map((func) => hostFunction(func, owner, module));
	const { namespace, name, version } = iface.package;
	const deprecated = deprecationOf(iface);
	const id = importName({ namespace, name }, iface.name);
	return [
		`/** Lowering of \`${importName(iface.package, iface.name)}\`. */\n`,
		`export const ${module.alias}: ${module.runtimeType("InterfaceLowering")} = {\n`,
		`\tname: ${JSON.stringify(id)},\n`,
		`\tversion: ${JSON.stringify(version ?? "")},\n`,
		deprecated === undefined ? "" : `\t${deprecationText(deprecated, 1)}\n`,
		`\t${delimited("resources: {", resources, "},", 1, " ")}\n`,
		functions.length === 0 ? "\tfunctions: {},\n" : `\tfunctions: {\n${functions.join("")}\t},\n`,
		"};\n",
	].join("");
}

function constructorOf(def: Interface["types"][number]): Func[] {
	return def.kind === "resource" && def.constructorFunc !== undefined ? [def.constructorFunc] : [];
}

/** `<interface>.ts`. Called after all files have asked for what they need. */
export function moduleFile(module: LoweringModule, iface: Interface, offered: string | undefined): string {
	const parts = [header([witSource(iface)]), module.imports.toString(), module.toString(), offered ?? ""];
	return parts.filter((part) => part !== "").join("\n");
}

/** `index.ts` of a folder. */
export function indexFile(folder: Folder, name: string, offered: readonly LoweringModule[], withExports: boolean): string {
	const imports = new Imports();
	imports.type("InterfaceLowering", folder.places.runtime);
	const items = offered.map((module) => imports.value(module.alias, `./${module.file}.ts`));
	const list = delimited(`export const ${name}: readonly InterfaceLowering[] = [`, items, "];", 0);
	const parts = [
		header([...folder.places.interfaces.values()].map(witSource)),
		imports.toString(),
		...(withExports ? ['export { EXPORTS } from "./exports.ts";\n'] : []),
		`/** The interfaces that the host offers. */\n${list}\n`,
	];
	return parts.join("\n");
}

/** `exports.ts`: the functions that worlds export. */
export function exportsFile(folder: Folder, worlds: readonly World[]): string {
	const module = new LoweringModule(folder, "exports", "exports_", "");
	const byName = new Map<string, Map<string, Func>>();
	for (const func of worlds.flatMap((world) => world.exports.flatMap((item) => (item.kind === "function" ? [item.func] : [])))) {
		const known = byName.get(func.name) ?? new Map<string, Func>();
		byName.set(func.name, known);
		const key = functionKey(func, (def: PlainDef) => identity({ kind: "named", def, span: def.span }));
		if (!known.has(key)) known.set(key, func);
	}
	const lifting = module.runtimeType("ExportLifting");
	const entries = [...byName].map(([name, funcs]) => {
		const texts = [...funcs.values()].map((func) => guestExport(func, module, funcs.size === 1 ? 1 : 2));
		const [only = ""] = texts;
		const value = texts.length === 1 ? only : `[\n${texts.map((text) => `\t\t${text},\n`).join("")}\t]`;
		return `\t${memberName(name)}: ${value},\n`;
	});
	const several = [...byName.values()].some((funcs) => funcs.size > 1);
	const type = `Readonly<Record<string, ${several ? `${lifting} | readonly ${lifting}[]` : lifting}>>`;
	const parts = [
		header(worlds.map(witSource)),
		module.imports.toString(),
		module.toString(),
		`/** The functions that guests export, by name. */\nexport const EXPORTS: ${type} = {${entries.length === 0 ? "" : `\n${entries.join("")}`}};\n`,
	];
	return parts.filter((part) => part !== "").join("\n");
}
