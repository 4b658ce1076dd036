/** `model.json`: the resolved package as data, for programs in any language. */
import type { Interface, Model, TypeDef, World, WorldItem } from "../../model/model.ts";
import type { Output } from "../target.ts";

/** Types are referred to by `<package>/<interface>#<type>`; places in the WIT are left out. */
export function modelJson(model: Model, output: Output): void {
	const packages = model.packages.map((each) => ({
		...each,
		interfaces: each.interfaces.map(interfaceJson),
		worlds: each.worlds.map(worldJson),
	}));
	output.write("model.json", `${JSON.stringify({ packages }, withoutPlaces, "\t")}\n`);
}

function interfaceJson({ uses, types, ...iface }: Interface): object {
	return { ...iface, uses: uses.map(({ name, target }) => ({ name, type: keyOf(target) })), types: types.map(definition) };
}

function worldJson({ imports, exports, types, uses, ...world }: World): object {
	return {
		...world,
		imports: imports.map(portJson),
		exports: exports.map(portJson),
		uses: uses.map(({ name, target }) => ({ name, type: keyOf(target) })),
		types: types.map(definition),
	};
}

/** An interface of a package is referred to; one that the world declares itself is there whole. */
function portJson(item: WorldItem): object {
	if (item.kind === "function") return item;
	const { interface: iface, ...rest } = item;
	return item.name === undefined ? { ...rest, interface: nameOf(iface) } : { ...rest, interface: interfaceJson(iface) };
}

function definition({ owner: _owner, ...def }: TypeDef): object {
	return def;
}

function nameOf({ package: { namespace, name, version }, name: iface }: Interface): string {
	return `${namespace}:${name}/${iface}${version === undefined ? "" : `@${version}`}`;
}

function keyOf({ owner, name }: TypeDef): string {
	return `${owner.package.namespace}:${owner.package.name}/${owner.name}#${name}`;
}

/** Turns references to definitions into their names. */
function withoutPlaces(key: string, value: unknown): unknown {
	if (key === "span") return undefined;
	// A function of a resource stands below it.
	if (key === "resource") return undefined;
	return key === "def" && isDefinition(value) ? keyOf(value) : value;
}

function isDefinition(value: unknown): value is TypeDef {
	return typeof value === "object" && value !== null && "owner" in value;
}
