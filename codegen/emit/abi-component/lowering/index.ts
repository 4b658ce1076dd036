/** Emits `abi/component/lowering/`: lifting and lowering of each function of each interface, for the linker of components. */
import type { Model } from "../../../model/model.ts";
import { moduleName } from "../../../model/names/type-names.ts";
import { functionsOf, interfaceUnit, type Unit } from "../../../model/units/unit.ts";
import { wasiInterfaces } from "../../../model/wasi.ts";
import type { EmittedFile, Emitter } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { isOffered, loweringText, moduleFile } from "../../kit/lowering/interface-file.ts";
import { interfaceOf } from "../../kit/lowering/key.ts";
import { Folder, type LoweringModule } from "../../kit/lowering/module.ts";
import { template } from "../../kit/template.ts";
import { exportsFile, indexFile } from "./files.ts";

const PATH = "abi/component/lowering/";

const runtimeTemplate = template<{ readonly header: string }>(new URL("./runtime.hbs", import.meta.url));

export const loweringEmitter: Emitter = {
	name: "lowering",
	async emit({ abi, wasi }) {
		const runtime = runtimeTemplate({ header: header(abi.model.main.interfaces.map(witSource)) });
		const own = [{ path: `${PATH}runtime.ts`, content: runtime }, ...hostFiles(abi.model)];
		return wasi === undefined ? own : [...own, ...wasiFiles(wasi)];
	},
};

function hostFiles({ main }: Model): EmittedFile[] {
	const units = main.interfaces.map((iface) => interfaceUnit(iface, moduleName(iface.name)));
	const folder = folderOf(units, "./runtime.ts", "../wit/");
	const offered = offeredTexts(folder);
	// Worlds ask the files of the interfaces for what they need, so the files are written afterwards.
	const exports = { path: `${PATH}exports.ts`, content: exportsFile(folder, main.worlds) };
	const index = { path: `${PATH}index.ts`, content: indexFile(folder, "HOST_INTERFACES", [...offered.keys()], true) };
	return [...interfaceFiles(folder, offered, PATH), exports, index];
}

function wasiFiles(model: Model): EmittedFile[] {
	const units = [...wasiInterfaces(model)].map(([name, iface]) => interfaceUnit(iface, name));
	const folder = folderOf(units, "../runtime.ts", "../../wit/wasi/");
	const offered = offeredTexts(folder);
	const index = indexFile(folder, "WASI_INTERFACES", [...offered.keys()], false);
	return [...interfaceFiles(folder, offered, `${PATH}wasi/`), { path: `${PATH}wasi/index.ts`, content: index }];
}

/** A folder that finds interfaces by their names: each is there once, for the host that implements it. */
function folderOf(units: readonly Unit[], runtime: string, shapes: string): Folder {
	const byId = new Map(units.map((unit) => [unit.id, unit]));
	return new Folder({
		units,
		owner: (def) => byId.get(interfaceOf(def)),
		mapping: "tagged",
		runtime,
		shapes,
	});
}

type OfferedTexts = ReadonlyMap<LoweringModule, string>;

/** The lowering of each interface that components link to. */
function offeredTexts(folder: Folder): OfferedTexts {
	const offered = folder.modules.filter(({ unit }) => isOffered(unit));
	return new Map(offered.map((module) => [module, loweringText(module, functionsOf(module.unit))]));
}

/** Files of the interfaces that are offered, or whose types others use. */
function interfaceFiles(folder: Folder, offered: OfferedTexts, path: string): EmittedFile[] {
	const files = folder.modules.filter((module) => offered.has(module) || !module.isEmpty);
	return files.map((module) => ({ path: `${path}${module.file}.ts`, content: moduleFile(module, offered.get(module)) }));
}
