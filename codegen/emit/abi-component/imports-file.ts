/** `generated/abi/component/imports.ts`: the imports of one component instance, all interfaces together. */
import { importName } from "../../model/build-abi.ts";
import { everyFunction, type HostFunction, type HostInterface } from "../../model/host-interface.ts";
import type { ResourceDef } from "../../model/model.ts";
import { camelCase, pascalCase } from "../../model/names/spelling.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";
import { foreignResourcesOf, ownersFirst } from "./foreign-resources.ts";

interface ImportsData {
	readonly header: string;
	readonly imports: string;
	/** Interfaces bound first, because others give handles of their resources. */
	readonly owners: readonly { readonly member: string; readonly bind: string }[];
	readonly members: readonly { readonly importKey: string; readonly value: string }[];
	readonly asyncImports: readonly { readonly line: string }[];
}

const importsTemplate = template<ImportsData>(new URL("./imports.hbs", import.meta.url));

/** @param foreign resources whose handles other interfaces give */
export function importsFile(interfaces: readonly HostInterface[], foreign: ReadonlySet<ResourceDef>): string {
	const imports = new Imports();
	imports.type("BindingContext", "../../hostcall/runtime.ts");
	imports.type("HostFamilies", "../../hostcall/families.ts");
	imports.value("implement", "../../hostcall/families.ts");
	imports.type("ImportObject", "./runtime.ts");
	const isOwner = (iface: HostInterface): boolean => iface.resources.some(({ def }) => foreign.has(def));
	const owners = ownersFirst(interfaces).filter(isOwner);
	return importsTemplate({
		header: header(interfaces.map(({ entry }) => witSource(entry.interface))),
		owners: owners.map((iface) => ({ member: camelCase(iface.name), bind: bindCall(iface, imports) })),
		members: interfaces.map((iface) => ({
			importKey: importKey(iface),
			value: isOwner(iface) ? camelCase(iface.name) : bindCall(iface, imports),
		})),
		asyncImports: interfaces.flatMap(blockingFunctions),
		imports: imports.toString(),
	});
}

/** The transpiled code asks for an interface without its version. */
function importKey({ entry, name }: HostInterface): string {
	const { namespace, name: packageName } = entry.interface.package;
	return importName({ namespace, name: packageName }, name);
}

function bindCall(iface: HostInterface, imports: Imports): string {
	const args = [`implementations.${camelCase(iface.name)}`, "context"];
	const handles = foreignResourcesOf(iface).map((def) => `${pascalCase(def.name)}: ${camelCase(def.owner.name)}.${pascalCase(def.name)}`);
	if (handles.length > 0) args.push(`{ ${handles.join(", ")} }`);
	return `${imports.value(`bind${iface.typeName}`, `./${iface.name}.ts`)}(${args.join(", ")})`;
}

function blockingFunctions(iface: HostInterface): { readonly line: string }[] {
	const { importName: name } = iface.entry;
	const blocking = everyFunction(iface).filter((each) => each.blocking);
	const names = blocking.map((each) => JSON.stringify(`${name}#${coreName(each)}`));
	return names.length === 0 ? [] : [{ line: delimited(`${JSON.stringify(name)}: [`, names, "],", 1) }];
}

/** `complete`, `[static]session.open` or `[method]session.send`. */
function coreName({ func, path }: HostFunction): string {
	return func.kind === "freestanding" ? path : `[${func.kind}]${path}`;
}
