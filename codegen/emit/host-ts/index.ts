/**
 * Emits host bindings for any WIT package: a folder for each world. The folder has the types of all interfaces, the code that lifts and lowers their
 * values, and `index.ts`, which runs a component of the world.
 */
import { diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Func } from "../../model/model.ts";
import { chosenWorlds } from "../../model/units/chosen-worlds.ts";
import { notCallable } from "../../model/units/crossing.ts";
import { fullName, functionsOf } from "../../model/units/unit.ts";
import { severalVersions, WorldUnits } from "../../model/units/world-units.ts";
import { generalHeader } from "../kit/header.ts";
import { isOffered, liftingText, loweringText, moduleFile } from "../kit/lowering/interface-file.ts";
import { Folder, type LoweringModule } from "../kit/lowering/module.ts";
import type { Output, Target } from "../target.ts";
import { bindingsFile } from "./bindings-file.ts";
import { indexFile } from "./index-file.ts";
import { TypesModule, typesFile } from "./types-file.ts";

const DEFAULT_RUNTIME = "spear-hostcall/component";

export interface HostOptions {
	/** Names of the worlds to generate for. The default is all. */
	readonly worlds?: readonly string[];
	/** Module that generated code runs on. The default is `spear-hostcall/component`. */
	readonly runtime?: string;
}

/** Returns the target with options. */
export function hostTarget({ worlds, runtime = DEFAULT_RUNTIME }: HostOptions): Target {
	return (model, output) => {
		for (const world of chosenWorlds(model, worlds)) emitWorld(new WorldUnits(world), output, runtime);
	};
}

export const hostTs: Target = hostTarget({});

function emitWorld(units: WorldUnits, output: Output, runtime: string): void {
	const path = (file: string): string => `host/${units.world.name}/${file}`;
	const callable = callableFunctions(units, output);
	reportVersions(units, output);

	const folder = new Folder({
		units: units.all,
		owner: (def, from) => units.ownerOf(def, from),
		mapping: "official",
		runtime,
		shapes: "../types/",
	});
	const offered = new Map(
		folder.modules.flatMap((module): [LoweringModule, string][] => {
			if (!isOffered(module.unit)) return [];
			if (module.unit.isExported) return [[module, liftingText(module, callable)]];
			return [
				[
					module,
					loweringText(
						module,
						functionsOf(module.unit).filter((func) => callable.has(func)),
					),
				],
			];
		}),
	);
	const lowered = folder.modules.filter((module) => offered.has(module) || !module.isEmpty);
	for (const module of lowered)
		output.write(path(`lowering/${module.file}.ts`), moduleFile(module, offered.get(module), generalHeader([module.unit])));
	output.write(path("lowering/bindings.ts"), bindingsFile(units, [...offered.keys()], runtime));

	const modules = new Map(units.all.map((unit) => [unit, new TypesModule(unit, units)]));
	for (const module of modules.values()) if (!module.isEmpty) output.write(path(`types/${module.unit.file}.ts`), typesFile(module));
	output.write(path("index.ts"), indexFile(units, modules, runtime));
}

/** The functions that the engine can call or be called by. All others have types, and are refused by name when a component is loaded. */
function callableFunctions(units: WorldUnits, output: Output): ReadonlySet<Func> {
	const callable = new Set<Func>();
	for (const unit of units.all) {
		for (const func of functionsOf(unit)) {
			const lacking = notCallable(func);
			if (lacking === undefined) callable.add(func);
			else
				output.report(
					diagnostic(
						"warning",
						"not-callable",
						func.span,
						`\`${func.name}\` of \`${fullName(unit)}\` has types, and cannot be called yet: it needs ${lacking}`,
						{ help: "a component that uses the function is refused by name when it is loaded" },
					),
				);
		}
	}
	return callable;
}

function reportVersions(units: WorldUnits, output: Output): void {
	for (const side of [units.imports, units.exports]) {
		for (const [id, versions] of severalVersions(side)) {
			output.report(
				diagnostic(
					"warning",
					"several-versions",
					units.world.span,
					`world \`${units.world.name}\` has \`${id}\` in several versions: ${versions.map((each) => `\`${each}\``).join(", ")}`,
					{ help: "the bindings are those of the last; a component may import older compatible versions of it" },
				),
			);
		}
	}
}
