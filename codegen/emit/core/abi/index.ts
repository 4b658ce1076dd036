/** Emits `abi/core/`: the bindings of the interfaces in `hostcall/core/` to core modules. */
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import { coreModule } from "../../../model/core/core-names.ts";
import type { EmittedFile } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { delimited } from "../../kit/layout.ts";
import { template } from "../../kit/template.ts";
import { bindingsFile, importsName } from "./bindings-file.ts";

const PATH = "abi/core/";

const runtimeTemplate = template<{ readonly header: string }>(new URL("./runtime.hbs", import.meta.url));

export function abiFiles(abi: CoreAbi): EmittedFile[] {
	const sources = header(abi.interfaces.map(({ interface: iface }) => witSource(iface)));
	return [
		{ path: `${PATH}runtime.ts`, content: runtimeTemplate({ header: sources }) },
		...abi.interfaces.map((each) => ({ path: `${PATH}${coreModule(each.interface.name)}.ts`, content: bindingsFile(each) })),
		{ path: `${PATH}index.ts`, content: indexFile(abi, sources) },
	];
}

function indexFile({ interfaces }: CoreAbi, sources: string): string {
	const imports = new Imports(["CORE_IMPORTS"]);
	const type = imports.type("CoreImport", "./runtime.ts");
	const lists = interfaces.map(({ interface: iface }) => `...${imports.value(importsName(iface), `./${coreModule(iface.name)}.ts`)}`);
	const list = delimited(`export const CORE_IMPORTS: readonly ${type}[] = [`, lists, "];", 0);
	return `${sources}\n${imports}\n/** The functions that the host offers to core modules. */\n${list}\n`;
}
