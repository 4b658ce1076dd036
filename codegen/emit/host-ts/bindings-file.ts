/** `lowering/bindings.ts`: all interfaces of a world, as the engine needs them. */
import { exportMembers } from "../../model/units/export-members.ts";
import type { WorldUnits } from "../../model/units/world-units.ts";
import { generalHeader } from "../kit/header.ts";
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
	return [generalHeader([units.world]), imports.toString(), text].join("\n");
}
