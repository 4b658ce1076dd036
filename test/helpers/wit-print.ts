/**
 * Prints resolved interfaces and worlds as WIT, for round trips. The layout is that of the official tools, so that single lines can be
 * compared.
 */
import type { Func, Interface, Model, Package, TypeDef, TypeRef, Use, World, WorldItem } from "../../codegen/model/model.ts";
import { KEYWORDS } from "../../codegen/wit/names.ts";
import { packageKey } from "../../codegen/wit/units.ts";

/** Names of used types in a scope. */
type LocalNames = ReadonlyMap<TypeDef, string>;

function localNames(uses: readonly Use[]): LocalNames {
	return new Map(uses.map((use) => [use.target, use.name]));
}

function localName(type: TypeDef, names: LocalNames): string {
	return escapeName(names.get(type) ?? type.name);
}

/** Returns the whole model as one file. Dependencies become nested packages. */
export function printModel(model: Model): string {
	const [main, ...others] = model.packages;
	if (main === undefined) {
		return "";
	}
	const nested = others.flatMap((each) => [`package ${packageName(each)} {`, ...indent(packageLines(each)), "}", ""]);
	return [`package ${packageName(main)};`, "", ...packageLines(main), ...nested].join("\n");
}

function packageName(each: Package): string {
	const version = each.id.version === undefined ? "" : `@${each.id.version}`;
	return `${escapeName(each.id.namespace)}:${escapeName(each.id.name)}${version}`;
}

function packageLines(each: Package): string[] {
	return [
		...each.interfaces.flatMap((item) => [...printInterface(item), ""]),
		...each.worlds.flatMap((world) => [...printWorld(world), ""]),
	];
}

export function printInterface(each: Interface): string[] {
	return [`interface ${escapeName(each.name)} {`, ...indent(interfaceLines(each)), "}"];
}

function interfaceLines(each: Interface): string[] {
	const names = localNames(each.uses);
	return [
		...each.uses.map((use) => printUse(use, each.package)),
		...each.types.flatMap((type) => printType(type, names)),
		...each.functions.map((func) => printFunc(func, names)),
	];
}

function printWorld(world: World): string[] {
	const names = localNames(world.uses);
	const lines = [
		...world.uses.map((use) => printUse(use, world.package)),
		...world.types.flatMap((type) => printType(type, names)),
		...world.imports.flatMap((item) => printItem("import", item, world, names)),
		...world.exports.flatMap((item) => printItem("export", item, world, names)),
	];
	return [`world ${escapeName(world.name)} {`, ...indent(lines), "}"];
}

function printItem(direction: string, item: WorldItem, world: World, names: LocalNames): string[] {
	if (item.kind === "function") {
		return [`${direction} ${printFunc(item.func, names)}`];
	}
	if (item.implied) {
		return [];
	}
	return item.name === undefined
		? [`${direction} ${interfacePath(item.interface, world.package)};`]
		: [`${direction} ${escapeName(item.name)}: interface {`, ...indent(interfaceLines(item.interface)), "}"];
}

function interfacePath(each: { readonly package: Interface["package"]; readonly name: string }, from: Interface["package"]): string {
	if (packageKey(each.package) === packageKey(from)) {
		return escapeName(each.name);
	}
	const { namespace, name, version } = each.package;
	return `${escapeName(namespace)}:${escapeName(name)}/${escapeName(each.name)}${version === undefined ? "" : `@${version}`}`;
}

function printUse(use: Use, from: Interface["package"]): string {
	const { target } = use;
	const alias = use.name === target.name ? "" : ` as ${escapeName(use.name)}`;
	return `use ${interfacePath(target.owner, from)}.{${escapeName(target.name)}${alias}};`;
}

function printType(type: TypeDef, names: LocalNames): string[] {
	const name = escapeName(type.name);
	switch (type.kind) {
		case "alias":
			return [`type ${name} = ${printRef(type.type, names)};`];
		case "record":
			return block(
				`record ${name}`,
				type.fields.map((field) => `${escapeName(field.name)}: ${printRef(field.type, names)},`),
			);
		case "variant":
			return block(
				`variant ${name}`,
				type.cases.map((each) => `${escapeName(each.name)}${each.type === undefined ? "" : `(${printRef(each.type, names)})`},`),
			);
		case "enum":
			return block(
				`enum ${name}`,
				type.cases.map((each) => `${escapeName(each.name)},`),
			);
		case "flags":
			return block(
				`flags ${name}`,
				type.flags.map((each) => `${escapeName(each.name)},`),
			);
		case "resource": {
			const functions = [...(type.constructorFunc ? [type.constructorFunc] : []), ...type.functions];
			return functions.length === 0
				? [`resource ${name};`]
				: block(
						`resource ${name}`,
						functions.map((func) => printFunc(func, names)),
					);
		}
	}
}

function printFunc(func: Func, names: LocalNames): string {
	const params = func.params.map((param) => `${escapeName(param.name)}: ${printRef(param.type, names)}`).join(", ");
	const result = func.result === undefined ? "" : ` -> ${printRef(func.result, names)}`;
	if (func.kind === "constructor") {
		return `constructor(${params})${result};`;
	}
	const words = `${func.kind === "static" ? "static " : ""}${func.async ? "async " : ""}func`;
	return `${escapeName(func.name)}: ${words}(${params})${result};`;
}

function printRef(type: TypeRef, names: LocalNames): string {
	switch (type.kind) {
		case "primitive":
			return type.name;
		case "list":
			return `list<${printRef(type.element, names)}${type.length === undefined ? "" : `, ${type.length}`}>`;
		case "map":
			return `map<${printRef(type.key, names)}, ${printRef(type.value, names)}>`;
		case "option":
			return `option<${printRef(type.some, names)}>`;
		case "result":
			return printResult(type, names);
		case "tuple":
			return `tuple<${type.items.map((item) => printRef(item, names)).join(", ")}>`;
		case "stream":
		case "future":
			return type.element === undefined ? type.kind : `${type.kind}<${printRef(type.element, names)}>`;
		case "named":
			return localName(type.def, names);
		case "handle":
			return type.mode === "own" ? localName(type.def, names) : `borrow<${localName(type.def, names)}>`;
	}
}

function printResult(type: Extract<TypeRef, { kind: "result" }>, names: LocalNames): string {
	if (type.ok === undefined && type.err === undefined) {
		return "result";
	}
	const ok = type.ok === undefined ? "_" : printRef(type.ok, names);
	return type.err === undefined ? `result<${ok}>` : `result<${ok}, ${printRef(type.err, names)}>`;
}

function block(head: string, lines: readonly string[]): string[] {
	return [`${head} {`, ...indent(lines), "}"];
}

function indent(lines: readonly string[]): string[] {
	return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

function escapeName(name: string): string {
	return KEYWORDS.has(name) ? `%${name}` : name;
}
