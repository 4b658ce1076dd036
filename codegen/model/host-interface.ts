/** The interfaces of the ABI as a host implements them and as every binding calls them. */
import { type Abi, type AbiInterface, isBlocking, isReadiness } from "./abi.ts";
import { allFunctions } from "./build-abi.ts";
import { UnsupportedType } from "./carried/data-types.ts";
import type { Func, Interface, RecordDef, ResourceDef, TypeRef, WorldItem } from "./model.ts";
import { hostNames, type ResourceNames } from "./names/host-names.ts";
import { camelCase } from "./names/spelling.ts";
import { moduleName, typeName } from "./names/type-names.ts";
import { requireType } from "./required-types.ts";

/** An interface that has functions. */
export interface HostInterface {
	readonly entry: AbiInterface;
	readonly name: string;
	/** Name of its files, without the extension. */
	readonly module: string;
	/** Name of the TypeScript interface, e.g. `Cchat`. */
	readonly typeName: string;
	/** In order of declaration. */
	readonly functions: readonly HostFunction[];
	readonly resources: readonly HostResource[];
	/** Names of all resources of the ABI, for handles of other interfaces' resources. */
	readonly names: ReadonlyMap<ResourceDef, ResourceNames>;
}

export interface HostResource {
	readonly def: ResourceDef;
	/** Name of the TypeScript interface, e.g. `EventStream`. */
	readonly typeName: string;
	/** Name of the TypeScript interface of the functions without an object of their own, e.g. `EventStreamStatics`. */
	readonly functionsType: string;
	/** True for the resource tagged `@readiness`: the host represents it by a `Readiness` and implements its methods itself. */
	readonly isReadiness: boolean;
	/** Member of the host that holds the functions without an object of their own, e.g. `eventStream`. */
	readonly member: string;
	readonly statics: readonly HostFunction[];
	readonly methods: readonly HostFunction[];
}

export interface HostFunction {
	readonly func: Func;
	/** Member name on both sides, e.g. `sendStream`. */
	readonly member: string;
	/** Name within the interface as WIT spells it, e.g. `session.send-stream`. */
	readonly path: string;
	/** Its call site among the `sites` of the interface, e.g. `session.sendStream`. */
	readonly site: string;
	/** True for a function that returns `result<_, error>`: the host throws, the guest gets the error. */
	readonly fallible: boolean;
	/** The type of its result on success; absent for nothing. */
	readonly ok: TypeRef | undefined;
	readonly blocking: boolean;
}

/** All interfaces with functions that a host implements, in the ABI's order. */
export function hostInterfaces(abi: Abi): HostInterface[] {
	const error = requireErrorRecord(abi);
	const names = hostNames(abi.model, isReadiness);
	return abi.interfaces
		.filter((entry) => allFunctions(entry.interface).length > 0 && !isOnlyExported(abi, entry.interface))
		.map((entry) => hostInterface(entry, error, names));
}

/** True for an interface that worlds export and none imports: guests implement it, so the host does not. */
function isOnlyExported({ model }: Abi, iface: Interface): boolean {
	const holds = (items: readonly WorldItem[]): boolean => items.some((item) => item.kind === "interface" && item.interface === iface);
	return model.main.worlds.some((world) => holds(world.exports)) && !model.main.worlds.some((world) => holds(world.imports));
}

/**
 * The record that every fallible function fails with.
 *
 * @throws UnsupportedType if there is none
 */
export function requireErrorRecord(abi: Abi): RecordDef {
	const error = requireType(abi, "error", "the code that answers a failed hostcall");
	if (error.kind !== "record") throw new UnsupportedType(`\`types.error\` is a ${error.kind}, not a record`, error.span);
	return error;
}

/** Functions that the host implements on the interface itself, under the resource's name. */
export function unboundFunctions({ isReadiness, statics, methods }: HostResource): readonly HostFunction[] {
	return isReadiness ? [...statics, ...methods] : statics;
}

/** Freestanding functions, then those of each resource. */
export function everyFunction({ functions, resources }: HostInterface): HostFunction[] {
	return [...functions, ...resources.flatMap(({ statics, methods }) => [...statics, ...methods])];
}

function hostInterface(entry: AbiInterface, error: RecordDef, names: ReadonlyMap<ResourceDef, ResourceNames>): HostInterface {
	const { name, functions, types } = entry.interface;
	return {
		entry,
		name,
		module: moduleName(name),
		typeName: typeName(entry.interface),
		names,
		functions: functions.map((func) => hostFunction(func, error)),
		resources: types.filter((def) => def.kind === "resource").map((def) => hostResource(def, error, names)),
	};
}

function hostResource(def: ResourceDef, error: RecordDef, names: ReadonlyMap<ResourceDef, ResourceNames>): HostResource {
	if (def.constructorFunc !== undefined) {
		throw new UnsupportedType("a constructor cannot be bound: it has no way to answer with an error", def.constructorFunc.span, {
			help: "use a static function, such as `open`, that returns a `result`",
		});
	}
	const functions = def.functions.map((func) => hostFunction(func, error));
	return {
		def,
		typeName: names.get(def)?.object ?? "",
		functionsType: names.get(def)?.functions ?? "",
		isReadiness: isReadiness(def),
		member: camelCase(def.name),
		statics: functions.filter(({ func }) => func.kind === "static"),
		methods: functions.filter(({ func }) => func.kind === "method"),
	};
}

function hostFunction(func: Func, error: RecordDef): HostFunction {
	const { result, resource } = func;
	const fallible = result?.kind === "result" && result.err?.kind === "named" && result.err.def === error;
	const member = camelCase(func.name);
	return {
		func,
		member,
		path: resource === undefined ? func.name : `${resource.name}.${func.name}`,
		site: resource === undefined ? member : `${camelCase(resource.name)}.${member}`,
		fallible,
		ok: fallible ? result.ok : result,
		blocking: isBlocking(func),
	};
}
