/** The text of the files of one folder of generated lowering. */
import type { Func, World } from "../../../model/model.ts";
import { ROOT, type Unit } from "../../../model/units/unit.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { delimited } from "../../kit/layout.ts";
import { guestExport } from "../../kit/lowering/guest-export.ts";
import { memberName } from "../../kit/lowering/host-function.ts";
import { functionKey, identity } from "../../kit/lowering/key.ts";
import type { PlainDef } from "../../kit/lowering/layout.ts";
import { type Folder, LoweringModule } from "../../kit/lowering/module.ts";

/** `index.ts` of a folder. */
export function indexFile(folder: Folder, name: string, offered: readonly LoweringModule[], withExports: boolean): string {
	const imports = new Imports();
	imports.type("InterfaceLowering", folder.places.runtime);
	const items = offered.map((module) => imports.value(module.alias, `./${module.file}.ts`));
	const list = delimited(`export const ${name}: readonly InterfaceLowering[] = [`, items, "];", 0);
	const parts = [
		header(folder.places.units.map(witSource)),
		imports.toString(),
		...(withExports ? ['export { EXPORTS } from "./exports.ts";\n'] : []),
		`/** The interfaces that the host offers. */\n${list}\n`,
	];
	return parts.join("\n");
}

/** `exports.ts`: the functions that worlds export. */
export function exportsFile(folder: Folder, worlds: readonly World[]): string {
	const module = new LoweringModule(folder, "exports", "exports_", rootOf(worlds));
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

/** All worlds as one unit: their functions have types of the interfaces only. */
function rootOf(worlds: readonly World[]): Unit {
	const [{ docs, span } = { docs: { text: "", tags: [] }, span: NOWHERE }] = worlds;
	return { file: "exports", id: ROOT, isExported: false, docs, gates: {}, types: [], uses: [], functions: [], span };
}

const NOWHERE: Unit["span"] = { file: "", line: 1, column: 1, offset: 0, endLine: 1, endColumn: 1, endOffset: 0 };
