/** Emits `hostcall/core/`: the interfaces that a host implements for core modules, with their types, constants and errors. */
import type { CoreAbi } from "../../../model/core/core-abi.ts";
import { coreInterfaceName, coreModule, declaredTypes } from "../../../model/core/core-names.ts";
import { camelCase } from "../../../model/names/spelling.ts";
import type { EmittedFile } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { errnoFile } from "./errno-file.ts";
import { interfaceFile } from "./interface-file.ts";

const PATH = "hostcall/core/";

export function hostcallFiles(abi: CoreAbi): EmittedFile[] {
	const files = abi.model.main.interfaces.flatMap((iface) => {
		const calls = abi.interfaces.find((each) => each.interface === iface);
		if (calls === undefined && declaredTypes(abi, iface).length === 0) return [];
		return [{ path: `${PATH}${coreModule(iface.name)}.ts`, content: interfaceFile(abi, iface, calls) }];
	});
	return [...files, { path: `${PATH}errno.ts`, content: errnoFile(abi) }, { path: `${PATH}calls.ts`, content: callsFile(abi) }];
}

function callsFile({ interfaces }: CoreAbi): string {
	const imports = new Imports(["CoreCalls"]);
	const members = interfaces.map(({ interface: iface }) => {
		const type = imports.type(coreInterfaceName(iface), `./${coreModule(iface.name)}.ts`);
		return `\treadonly ${camelCase(iface.name)}: ${type};\n`;
	});
	const parts = [
		header(interfaces.map(({ interface: iface }) => witSource(iface))),
		imports.toString(),
		`/** The hostcalls of core modules, for one instance. */\nexport interface CoreCalls {\n${members.join("")}}\n`,
	];
	return parts.filter((part) => part !== "").join("\n");
}
