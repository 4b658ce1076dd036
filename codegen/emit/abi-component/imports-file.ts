/** `generated/abi/component/imports.ts`: the imports of one component instance, all interfaces together. */
import { importName } from "../../model/build-abi.ts";
import { everyFunction, type HostFunction, type HostInterface } from "../../model/host-interface.ts";
import type { ResourceDef } from "../../model/model.ts";
import { camelCase } from "../../model/names/spelling.ts";
import { resourceClass } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";
import { bindName } from "./binding.ts";
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

/** Names that the file declares. */
const DECLARED = ["ASYNC_IMPORTS", "Readonly", "Record", "Scope", "bindImports", "context", "families", "implementations", "scope"];

/** @param foreign resources whose handles other interfaces give */
export function importsFile(interfaces: readonly HostInterface[], foreign: ReadonlySet<ResourceDef>): string {
	const imports = new Imports(DECLARED);
	imports.type("BindingContext", "../../hostcall/runtime.ts");
	imports.type("HostFamilies", "../../hostcall/families.ts");
	imports.value("implement", "../../hostcall/families.ts");
	imports.type("ImportObject", "./runtime.ts");
	const isOwner = (iface: HostInterface): boolean => iface.resources.some(({ def }) => foreign.has(def));
	const owners = ownersFirst(interfaces).filter(isOwner);
	const variables = new Map(owners.map((iface) => [iface.name, imports.scope.take(camelCase(iface.name))]));
	return importsTemplate({
		header: header(interfaces.map(({ entry }) => witSource(entry.interface))),
		owners: owners.map((iface) => ({ member: variables.get(iface.name) ?? "", bind: bindCall(iface, imports, variables) })),
		members: interfaces.map((iface) => ({
			importKey: importKey(iface),
			value: variables.get(iface.name) ?? bindCall(iface, imports, variables),
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

function bindCall(iface: HostInterface, imports: Imports, variables: ReadonlyMap<string, string>): string {
	const args = [`implementations.${camelCase(iface.name)}`, "context"];
	const handles = foreignResourcesOf(iface).map((def) => `${resourceClass(def)}: ${variables.get(def.owner.name)}.${resourceClass(def)}`);
	if (handles.length > 0) args.push(`{ ${handles.join(", ")} }`);
	return `${imports.value(bindName(iface), `./${iface.module}.ts`)}(${args.join(", ")})`;
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
