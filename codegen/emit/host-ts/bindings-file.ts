/** `lowering/bindings.ts`: all interfaces of a world, as the engine needs them. */
import { camelCase } from "../../model/names/spelling.ts";
import { fullName, ROOT, type Unit } from "../../model/units/unit.ts";
import type { WorldUnits } from "../../model/units/world-units.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import type { LoweringModule } from "../kit/lowering/module.ts";

/** @param modules the files with functions or resources */
export function bindingsFile(units: WorldUnits, modules: readonly LoweringModule[], runtime: string): string {
	const imports = new Imports();
	const type = imports.type("Bindings", runtime);
	const own = (module: LoweringModule): string => imports.value(module.alias, `./${module.file}.ts`);
	const byId = new Map(modules.filter(({ unit }) => !unit.isExported).map((module) => [module.unit.id, module]));
	const exported = modules
		.filter(({ unit }) => unit.isExported)
		.map((module) => `{ lifting: ${own(module)}, members: ${JSON.stringify(exportMembers(module.unit, units)).replaceAll(",", ", ")} }`);
	const body = [
		`\t${delimited("imports: [", [...byId.values()].map(own), "],", 1)}\n`,
		exported.length === 0 ? "\texports: [],\n" : `\texports: [\n${exported.map((text) => `\t\t${text},\n`).join("")}\t],\n`,
	];
	const text = `/** Bindings of world \`${units.world.name}\`. */\nexport const BINDINGS: ${type} = {\n${body.join("")}};\n`;
	return [header([witSource(units.world)]), imports.toString(), text].join("\n");
}

/** Members of the exports that hold an exported interface: its short name if nothing else has it, and its full name. */
export function exportMembers(unit: Unit, units: WorldUnits): string[] {
	if (unit.id === ROOT) return [];
	const full = fullName(unit);
	const short = shortName(unit);
	const taken = [
		...units.rootExports.functions.map((func) => camelCase(func.name)),
		...units.exports.filter((each) => each !== unit).map(shortName),
	];
	return short === full || taken.includes(short) ? [full] : [short, full];
}

function shortName({ id }: Unit): string {
	return camelCase(id.slice(id.lastIndexOf("/") + 1));
}
