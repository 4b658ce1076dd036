/** The interfaces of the ABI as a host implements them and as every binding calls them. */
import { type Abi, type AbiInterface, errorRecord, isBlocking, isReadiness } from "./abi.ts";
import { allFunctions } from "./build-abi.ts";
import { UnsupportedType } from "./carried/data-types.ts";
import type { Func, RecordDef, ResourceDef, TypeRef } from "./model.ts";
import { camelCase, pascalCase } from "./names/spelling.ts";

/** An interface that has functions. */
export interface HostInterface {
	readonly entry: AbiInterface;
	readonly name: string;
	/** Name of the TypeScript interface, e.g. `Cchat`. */
	readonly typeName: string;
	/** In order of declaration. */
	readonly functions: readonly HostFunction[];
	readonly resources: readonly HostResource[];
}

export interface HostResource {
	readonly def: ResourceDef;
	/** Name of the TypeScript interface, e.g. `EventStream`. */
	readonly typeName: string;
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

/** All interfaces with functions, in the ABI's order. */
export function hostInterfaces(abi: Abi): HostInterface[] {
	const error = requireErrorRecord(abi);
	return abi.interfaces.filter((entry) => allFunctions(entry.interface).length > 0).map((entry) => hostInterface(entry, error));
}

/** The record that every fallible function fails with. */
export function requireErrorRecord(abi: Abi): RecordDef {
	const error = errorRecord(abi);
	if (error === undefined)
		throw new Error("interface `types` declares no record `error`: the bindings have nothing to answer failures with");
	return error;
}

/** Name of the TypeScript interface of a resource; distinct from that of the WIT interface it is in. */
export function resourceTypeName(def: ResourceDef): string {
	const name = pascalCase(def.name);
	return name === pascalCase(def.owner.name) ? `${name}Resource` : name;
}

/** Functions that the host implements on the interface itself, under the resource's name. */
export function unboundFunctions({ isReadiness, statics, methods }: HostResource): readonly HostFunction[] {
	return isReadiness ? [...statics, ...methods] : statics;
}

/** Freestanding functions, then those of each resource. */
export function everyFunction({ functions, resources }: HostInterface): HostFunction[] {
	return [...functions, ...resources.flatMap(({ statics, methods }) => [...statics, ...methods])];
}

function hostInterface(entry: AbiInterface, error: RecordDef): HostInterface {
	const { name, functions, types } = entry.interface;
	return {
		entry,
		name,
		typeName: pascalCase(name),
		functions: functions.map((func) => hostFunction(func, error)),
		resources: types.filter((def) => def.kind === "resource").map((def) => hostResource(def, error)),
	};
}

function hostResource(def: ResourceDef, error: RecordDef): HostResource {
	if (def.constructorFunc !== undefined) {
		const message =
			"a constructor cannot be bound: it has no way to answer with an error; use a static function, such as `open`, that returns a `result`";
		throw new UnsupportedType(message, def.constructorFunc.span);
	}
	const functions = def.functions.map((func) => hostFunction(func, error));
	return {
		def,
		typeName: resourceTypeName(def),
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
