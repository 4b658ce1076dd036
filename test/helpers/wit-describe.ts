/**
 * Returns everything that a world reaches as lines, one for each fact. Models can be compared by them without regard to docs, gates, spans or
 * the order of declarations. The order of fields, cases, flags and parameters is significant and kept.
 */
import type { Func, Interface, Model, Package, TypeDef, TypeOwner, TypeRef, Use, World, WorldItem } from "../../codegen/model/model.ts";
import { packageKey } from "../../codegen/wit/units.ts";

export function findWorld(model: Model, name: string): World {
	const world = model.main.worlds.find((each) => each.name === name);
	if (world === undefined) {
		throw new Error(`no world ${name} in ${packageKey(model.main.id)}`);
	}
	return world;
}

/** Sorted. */
export function describeWorld(world: World): string[] {
	const lines: string[] = [];
	const described = new Set<Interface>();
	for (const [direction, items] of [
		["import", world.imports],
		["export", world.exports],
	] as const) {
		for (const item of items) {
			lines.push(`world ${direction} ${describeItem(item)}`);
			if (item.kind === "interface" && !described.has(item.interface)) {
				described.add(item.interface);
				lines.push(...describeInterface(item.interface, item.name));
			}
		}
	}
	lines.push(...world.types.flatMap((type) => describeType("world", type)));
	lines.push(...world.uses.map((use) => describeUse("world", use)));
	return lines.sort();
}

/** Returns all interfaces of a package and the explicit items of its worlds, sorted. */
export function describePackage(each: Package): string[] {
	const explicit = each.worlds.flatMap((world) => {
		const imports = world.imports.filter((item) => item.kind === "function" || !item.implied);
		return [
			...imports.map((item) => `${world.name} import ${describeItem(item)}`),
			...world.exports.map((item) => `${world.name} export ${describeItem(item)}`),
		];
	});
	return [...each.interfaces.flatMap((item) => describeInterface(item, undefined)), ...explicit].sort();
}

function describeItem(item: WorldItem): string {
	if (item.kind === "function") {
		return describeFunc(item.func);
	}
	return item.name === undefined ? interfaceName(item.interface) : `${item.name}: interface`;
}

function interfaceName(each: Interface): string {
	return `${packageKey(each.package)}/${each.name}`;
}

function describeInterface(each: Interface, label: string | undefined): string[] {
	const where = label === undefined ? interfaceName(each) : `inline ${label}`;
	return [
		`interface ${where}`,
		...each.types.flatMap((type) => describeType(where, type)),
		...each.functions.map((func) => `${where} ${describeFunc(func)}`),
		...each.uses.map((use) => describeUse(where, use)),
	];
}

function describeUse(where: string, use: Use): string {
	return `${where} use ${use.name} = ${typeName(use.target)}`;
}

function describeType(where: string, type: TypeDef): string[] {
	const head = `${where} ${type.kind} ${type.name}`;
	switch (type.kind) {
		case "alias":
			return [`${head} = ${describeRef(type.type)}`];
		case "record":
			return [`${head} { ${type.fields.map((field) => `${field.name}: ${describeRef(field.type)}`).join(", ")} }`];
		case "variant":
			return [`${head} { ${type.cases.map((each) => each.name + (each.type ? `(${describeRef(each.type)})` : "")).join(", ")} }`];
		case "enum":
			return [`${head} { ${type.cases.map((each) => each.name).join(", ")} }`];
		case "flags":
			return [`${head} { ${type.flags.map((each) => each.name).join(", ")} }`];
		case "resource": {
			const functions = [...(type.constructorFunc ? [type.constructorFunc] : []), ...type.functions];
			return [head, ...functions.map((func) => `${where} ${describeFunc(func)}`)];
		}
	}
}

function describeFunc(func: Func): string {
	const params = func.params.map((param) => `${param.name}: ${describeRef(param.type)}`).join(", ");
	const result = func.result === undefined ? "" : ` -> ${describeRef(func.result)}`;
	const owner = func.resource === undefined ? "" : `${func.resource.name}.`;
	return `${func.async ? "async " : ""}${func.kind} ${owner}${func.name}(${params})${result}`;
}

function typeName(type: TypeDef): string {
	return `${ownerName(type.owner)}#${type.name}`;
}

/** A world lists the types of included worlds as its own. The world that declares a type is not compared. */
function ownerName(owner: TypeOwner): string {
	return owner.kind === "world" ? "world" : `${packageKey(owner.package)}/${owner.name}`;
}

export function describeRef(type: TypeRef): string {
	const of = (...inner: (TypeRef | string | number | undefined)[]) =>
		`${type.kind}<${inner.map((each) => (typeof each === "object" ? describeRef(each) : (each ?? "_"))).join(", ")}>`;
	switch (type.kind) {
		case "primitive":
			return type.name;
		case "list":
			return type.length === undefined ? of(type.element) : of(type.element, type.length);
		case "map":
			return of(type.key, type.value);
		case "option":
			return of(type.some);
		case "result":
			return of(type.ok, type.err);
		case "tuple":
			return of(...type.items);
		case "stream":
		case "future":
			return of(type.element);
		case "named":
			return typeName(type.def);
		case "handle":
			return `${type.mode} ${typeName(type.def)}`;
	}
}
