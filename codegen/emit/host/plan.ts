/** What the host emitter needs to know of each interface and function before it prints anything. */
import { type Abi, type AbiInterface, isBlocking } from "../../model/abi.ts";
import { allFunctions } from "../../model/build-abi.ts";
import type { Func, RecordDef, ResourceDef, TypeRef } from "../../model/model.ts";
import { UnsupportedType } from "../kit/modules.ts";
import { camelCase, pascalCase } from "../names.ts";

/** An interface that has functions: one that a host implements. */
export interface BoundInterface {
	readonly entry: AbiInterface;
	readonly name: string;
	/** Name of the host's interface, e.g. `Cchat`. */
	readonly hostType: string;
	/** In order of declaration. */
	readonly functions: readonly HostFunction[];
	readonly resources: readonly BoundResource[];
	/** Resources of other interfaces that its functions give, by interface name. */
	readonly foreignHandles: readonly ResourceDef[];
}

export interface BoundResource {
	readonly def: ResourceDef;
	/** Name of the host's interface, e.g. `EventStream`. */
	readonly hostType: string;
	/** Name of the class in the import object, as the transpiled component asks for it. */
	readonly importName: string;
	/** Member of the host that holds its static functions, e.g. `eventStream`. */
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
	/** The expression of its call site, e.g. `sites.session.sendStream`. */
	readonly site: string;
	/** It answers with `result<_, error>`: the host throws, the guest gets the error. */
	readonly fallible: boolean;
	/** What it gives when all goes well; absent when nothing. */
	readonly ok: TypeRef | undefined;
	readonly blocking: boolean;
}

/** Name of the host's interface of a resource; distinct from that of the WIT interface it is in. */
export function resourceType(def: ResourceDef): string {
	const name = pascalCase(def.name);
	return name === pascalCase(def.owner.name) ? `${name}Resource` : name;
}

/** All interfaces with functions, in the ABI's order. */
export function boundInterfaces(abi: Abi): BoundInterface[] {
	return abi.interfaces.filter((entry) => allFunctions(entry.interface).length > 0).map((entry) => boundInterface(entry, abi));
}

/** The ABI's one error record: `error` of interface `types`. */
export function errorRecord(abi: Abi): RecordDef | undefined {
	const types = abi.interfaces.find((entry) => entry.interface.name === "types");
	const def = types?.interface.types.find((candidate) => candidate.name === "error");
	return def?.kind === "record" ? def : undefined;
}

/** Interfaces so ordered that one whose handles another gives stands before it; otherwise in the given order. */
export function byHandleUse(interfaces: readonly BoundInterface[]): BoundInterface[] {
	const ordered: BoundInterface[] = [];
	const visit = (bound: BoundInterface): void => {
		if (ordered.includes(bound)) return;
		for (const handle of bound.foreignHandles) {
			const owner = interfaces.find((candidate) => candidate !== bound && candidate.name === handle.owner.name);
			if (owner !== undefined) visit(owner);
		}
		ordered.push(bound);
	};
	for (const bound of interfaces) visit(bound);
	return ordered;
}

/** The resource handles anywhere in a type. */
export function handlesIn(type: TypeRef | undefined): Extract<TypeRef, { kind: "handle" }>[] {
	switch (type?.kind) {
		case "handle":
			return [type];
		case "list":
			return handlesIn(type.element);
		case "option":
			return handlesIn(type.some);
		case "tuple":
			return type.items.flatMap(handlesIn);
		case "result":
			return [...handlesIn(type.ok), ...handlesIn(type.err)];
		default:
			return [];
	}
}

function boundInterface(entry: AbiInterface, abi: Abi): BoundInterface {
	const iface = entry.interface;
	const error = errorRecord(abi);
	const resources = iface.types.filter((def) => def.kind === "resource").map((def) => boundResource(def, error));
	return {
		entry,
		name: iface.name,
		hostType: pascalCase(iface.name),
		functions: iface.functions.map((func) => hostFunction(func, error)),
		resources,
		foreignHandles: foreignHandles(entry),
	};
}

function boundResource(def: ResourceDef, error: RecordDef | undefined): BoundResource {
	if (def.constructorFunc !== undefined) {
		const message =
			"a constructor cannot be bound: it has no way to answer with an error; use a static function, such as `open`, that returns a `result`";
		throw new UnsupportedType(message, def.constructorFunc.span);
	}
	const functions = def.functions.map((func) => hostFunction(func, error));
	return {
		def,
		hostType: resourceType(def),
		importName: pascalCase(def.name),
		member: camelCase(def.name),
		statics: functions.filter(({ func }) => func.kind === "static"),
		methods: functions.filter(({ func }) => func.kind === "method"),
	};
}

function hostFunction(func: Func, error: RecordDef | undefined): HostFunction {
	const { result, resource } = func;
	const fallible = result?.kind === "result" && result.err?.kind === "named" && result.err.def === error;
	const member = camelCase(func.name);
	return {
		func,
		member,
		path: resource === undefined ? func.name : `${resource.name}.${func.name}`,
		site: resource === undefined ? `sites.${member}` : `sites.${camelCase(resource.name)}.${member}`,
		fallible,
		ok: fallible ? result.ok : result,
		blocking: isBlocking(func),
	};
}

function foreignHandles({ interface: iface }: AbiInterface): ResourceDef[] {
	const found = new Set<ResourceDef>();
	for (const func of allFunctions(iface)) {
		for (const { def } of handlesIn(func.result)) if (def.owner.name !== iface.name) found.add(def);
	}
	return [...found];
}
