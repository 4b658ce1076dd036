/** Emits `abi/component/lowering/`: lifting and lowering of each function of each interface, for the linker of components. */
import type { Interface, Model } from "../../../model/model.ts";
import { moduleName } from "../../../model/names/type-names.ts";
import { wasiInterfaces } from "../../../model/wasi.ts";
import type { EmittedFile, Emitter } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { template } from "../../kit/template.ts";
import { exportsFile, indexFile, interfaceText, isOffered, moduleFile } from "./files.ts";
import { Folder, type LoweringModule } from "./module.ts";

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
	const interfaces = new Map(main.interfaces.map((iface) => [moduleName(iface.name), iface]));
	const folder = new Folder({ interfaces, runtime: "./runtime.ts", shapes: "../wit/" });
	const offered = offeredTexts(folder);
	// Worlds ask the files of the interfaces for what they need, so the files are written afterwards.
	const exports = { path: `${PATH}exports.ts`, content: exportsFile(folder, main.worlds) };
	const index = { path: `${PATH}index.ts`, content: indexFile(folder, "HOST_INTERFACES", [...offered.keys()], true) };
	return [...interfaceFiles(folder, offered, PATH), exports, index];
}

function wasiFiles(model: Model): EmittedFile[] {
	const folder = new Folder({ interfaces: wasiInterfaces(model), runtime: "../runtime.ts", shapes: "../../wit/wasi/" });
	const offered = offeredTexts(folder);
	const index = indexFile(folder, "WASI_INTERFACES", [...offered.keys()], false);
	return [...interfaceFiles(folder, offered, `${PATH}wasi/`), { path: `${PATH}wasi/index.ts`, content: index }];
}

type OfferedTexts = ReadonlyMap<LoweringModule, string>;

function modulesOf(folder: Folder): (readonly [LoweringModule, Interface])[] {
	const interfaces = [...folder.places.interfaces.values()];
	return folder.modules.flatMap((module, index) => {
		const iface = interfaces[index];
		return iface === undefined ? [] : [[module, iface] as const];
	});
}

/** The lowering of each interface that components link to. */
function offeredTexts(folder: Folder): OfferedTexts {
	const offered = modulesOf(folder).filter(([, iface]) => isOffered(iface));
	return new Map(offered.map(([module, iface]) => [module, interfaceText(iface, module)]));
}

/** Files of the interfaces that are offered, or whose types others use. */
function interfaceFiles(folder: Folder, offered: OfferedTexts, path: string): EmittedFile[] {
	const files = modulesOf(folder).filter(([module]) => offered.has(module) || !module.isEmpty);
	return files.map(([module, iface]) => ({ path: `${path}${module.file}.ts`, content: moduleFile(module, iface, offered.get(module)) }));
}
