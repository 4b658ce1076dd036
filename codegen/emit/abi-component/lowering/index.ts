/** Emits `abi/component/lowering/`: lifting and lowering of each function of each interface, for the linker of components. */
import type { Interface, Model } from "../../../model/model.ts";
import type { EmittedFile, Emitter } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { template } from "../../kit/template.ts";
import { exportsFile, indexFile, interfaceText, isOffered, moduleFile } from "./files.ts";
import { Folder } from "./module.ts";

const FOLDER = "abi/component/lowering/";

const runtimeTemplate = template<{ readonly header: string }>(new URL("./runtime.hbs", import.meta.url));

export const loweringEmitter: Emitter = {
	name: "lowering",
	async emit({ abi }) {
		const { interfaces } = abi.model.main;
		const runtime = runtimeTemplate({ header: header(interfaces.map(witSource)) });
		return [{ path: `${FOLDER}runtime.ts`, content: runtime }, ...hostFiles(abi.model)];
	},
};

function hostFiles(model: Model): EmittedFile[] {
	const interfaces = new Map(model.main.interfaces.map((iface) => [iface.name, iface]));
	const folder = new Folder({ interfaces, runtime: "./runtime.ts", shapes: "../wit/" });
	const offered = offeredTexts(folder, interfaces);
	const exports = exportsFile(folder, model.main.worlds, "");
	return [
		...folderFiles(folder, interfaces, offered, FOLDER, ""),
		{ path: `${FOLDER}exports.ts`, content: exports },
		{ path: `${FOLDER}index.ts`, content: indexFile(folder, "HOST_INTERFACES", [...offered.keys()], "", true) },
	];
}

type OfferedTexts = ReadonlyMap<Folder["modules"][number], string>;

function offeredTexts(folder: Folder, interfaces: ReadonlyMap<string, Interface>): OfferedTexts {
	const all = [...interfaces.values()];
	return new Map(
		folder.modules.flatMap((module, index) => {
			const iface = all[index];
			return iface !== undefined && isOffered(iface) ? [[module, interfaceText(iface, module)] as const] : [];
		}),
	);
}

/** Files of the interfaces that are offered, or whose types others use. */
function folderFiles(
	folder: Folder,
	interfaces: ReadonlyMap<string, Interface>,
	offered: OfferedTexts,
	path: string,
	root: string,
): EmittedFile[] {
	const all = [...interfaces.values()];
	return folder.modules.flatMap((module, index) => {
		const iface = all[index];
		const text = offered.get(module);
		if (iface === undefined || (text === undefined && module.isEmpty)) return [];
		return [{ path: `${path}${module.file}.ts`, content: moduleFile(module, iface, root, text) }];
	});
}
