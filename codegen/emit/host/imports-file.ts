/** `generated/host/imports.ts`: all interfaces gathered. */
import { importName } from "../../model/build-abi.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";
import { camelCase, pascalCase } from "../names.ts";
import { type BoundInterface, byHandleUse, type HostFunction } from "./plan.ts";

interface ImportsData {
	readonly header: string;
	readonly imports: string;
	readonly families: readonly { readonly member: string; readonly hostType: string; readonly importKey: string; readonly value: string }[];
	/** Interfaces bound first, because others give their handles. */
	readonly lenders: readonly { readonly member: string; readonly bind: string }[];
	readonly asyncImports: readonly { readonly line: string }[];
}

const importsTemplate = template<ImportsData>(new URL("./imports.hbs", import.meta.url));

/** @param lent resources whose handles other interfaces give */
export function importsFile(interfaces: readonly BoundInterface[], lent: ReadonlySet<unknown>): string {
	const imports = new Imports();
	imports.type("BindingContext", "./runtime.ts");
	imports.type("ImportObject", "./runtime.ts");
	const isLender = (bound: BoundInterface): boolean => bound.resources.some(({ def }) => lent.has(def));
	const families = interfaces.map((bound) => ({
		member: camelCase(bound.name),
		hostType: imports.type(bound.hostType, `./${bound.name}.ts`),
		importKey: importName({ namespace: bound.entry.interface.package.namespace, name: bound.entry.interface.package.name }, bound.name),
		value: isLender(bound) ? camelCase(bound.name) : bindCall(bound, imports),
	}));
	const lenders = byHandleUse(interfaces).filter(isLender);
	return importsTemplate({
		header: header(interfaces.map((bound) => witSource(bound.entry.interface))),
		families,
		lenders: lenders.map((bound) => ({ member: camelCase(bound.name), bind: bindCall(bound, imports) })),
		asyncImports: interfaces.flatMap(blockingFunctions),
		imports: imports.toString(),
	});
}

function bindCall(bound: BoundInterface, imports: Imports): string {
	const module = `./${bound.name}.ts`;
	const unavailable = imports.value(`unavailable${bound.hostType}`, module);
	const args = [`provide(families.${camelCase(bound.name)}, scope, ${unavailable})`, "context"];
	const handles = bound.foreignHandles.map((def) => `${pascalCase(def.name)}: ${camelCase(def.owner.name)}.${pascalCase(def.name)}`);
	if (handles.length > 0) args.push(`{ ${handles.join(", ")} }`);
	return `${imports.value(`bind${bound.hostType}`, module)}(${args.join(", ")})`;
}

function blockingFunctions(bound: BoundInterface): { readonly line: string }[] {
	const { importName: name } = bound.entry;
	const all = [...bound.functions, ...bound.resources.flatMap(({ statics, methods }) => [...statics, ...methods])];
	const names = all.filter(({ blocking }) => blocking).map((each) => JSON.stringify(`${name}#${coreName(each)}`));
	return names.length === 0 ? [] : [{ line: delimited(`${JSON.stringify(name)}: [`, names, "],", 1) }];
}

/** `complete`, `[static]session.open` or `[method]session.send`. */
function coreName({ func, path }: HostFunction): string {
	return func.kind === "freestanding" ? path : `[${func.kind}]${path}`;
}
