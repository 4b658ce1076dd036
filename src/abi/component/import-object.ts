import type { HostFunction } from "../../../generated/abi/component/lowering/runtime.ts";
import type { ImportedInterface } from "./binary/inspect.ts";

/** Imports of a component, by interface name without version: functions and resource classes. */
export type ImportObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Splits `spear:ai/cchat@0.1.0`. */
export function splitVersion(name: string): { readonly base: string; readonly version: string | undefined } {
	const at = name.lastIndexOf("@");
	return at === -1 ? { base: name, version: undefined } : { base: name.slice(0, at), version: name.slice(at + 1) };
}

/** Returns the imports that `offered` lacks, one line each; nothing when the component can be instantiated. */
export function missingImports(wanted: readonly ImportedInterface[], offered: ImportObject): string[] {
	const missing: string[] = [];
	for (const { name, functions, resources } of wanted) {
		if (functions.length === 0 && resources.length === 0) continue;
		const members = offered[splitVersion(name).base];
		if (members === undefined) {
			missing.push(name);
			continue;
		}
		for (const resource of resources) if (typeof members[pascal(resource)] !== "function") missing.push(`${name}: resource ${resource}`);
		for (const wit of functions) if (typeof lookUp(members, wit) !== "function") missing.push(`${name}: ${wit}`);
	}
	return missing;
}

/** Returns the implementation of an imported function; `undefined` when the host has none. */
export function offeredFunction(offered: ImportObject, base: string, wit: string): HostFunction | undefined {
	const members = Object.hasOwn(offered, base) ? offered[base] : undefined;
	const found = members === undefined ? undefined : lookUp(members, wit);
	return isHostFunction(found) ? found : undefined;
}

function isHostFunction(value: unknown): value is HostFunction {
	return typeof value === "function";
}

/** Finds the implementation of a WIT function, as jco's code does. */
function lookUp(members: Readonly<Record<string, unknown>>, wit: string): unknown {
	const match = /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(wit);
	if (match === null) return offeredBy(members, camel(wit));
	const [, kind, resource = "", method = ""] = match;
	const holder = members[pascal(resource)];
	if (kind === "constructor" || typeof holder !== "function") return holder;
	const place: unknown = kind === "static" ? holder : holder.prototype;
	return isObject(place) ? offeredBy(place, camel(method)) : undefined;
}

const BASE_PROTOTYPES: ReadonlySet<object> = new Set([Object.prototype, Function.prototype]);

/** Returns the member of that name. Members of every object are left out: a guest must not reach `constructor` or `valueOf`. */
function offeredBy(place: object, name: string): unknown {
	if (name === "constructor") return undefined;
	for (let at: object | null = place; at !== null && !BASE_PROTOTYPES.has(at); at = Object.getPrototypeOf(at)) {
		if (Object.hasOwn(at, name)) return Reflect.get(place, name);
	}
	return undefined;
}

function isObject(value: unknown): value is object {
	return (typeof value === "object" && value !== null) || typeof value === "function";
}

function camel(kebab: string): string {
	return kebab.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(kebab: string): string {
	const name = camel(kebab);
	return name.charAt(0).toUpperCase() + name.slice(1);
}
