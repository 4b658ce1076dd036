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
	if (members === undefined) return undefined;
	let place = places.get(wit);
	if (place === undefined) {
		place = placeOf(wit);
		places.set(wit, place);
	}
	const found = memberAt(members, place);
	if (!isHostFunction(found)) return undefined;
	return place.kind === "constructor" ? (...args) => Reflect.construct(found, args) : found;
}

function isHostFunction(value: unknown): value is HostFunction {
	return typeof value === "function";
}

/** Place of a function in an import object. */
interface MemberPlace {
	readonly kind: "function" | "method" | "static" | "constructor";
	/** Class of the resource. Empty for a function. */
	readonly holder: string;
	/** Empty for a constructor. */
	readonly member: string;
}

/** Places by WIT name. Only names that the host offers are looked up, so that the map stays small. */
const places = new Map<string, MemberPlace>();

function placeOf(wit: string): MemberPlace {
	const match = /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(wit);
	if (match === null) return { kind: "function", holder: "", member: camel(wit) };
	const [, kind, resource = "", method = ""] = match;
	return { kind: kind === "method" || kind === "static" ? kind : "constructor", holder: pascal(resource), member: camel(method) };
}

/** Finds the implementation of a WIT function, as jco's code does. */
function lookUp(members: Readonly<Record<string, unknown>>, wit: string): unknown {
	return memberAt(members, placeOf(wit));
}

function memberAt(members: Readonly<Record<string, unknown>>, { kind, holder, member }: MemberPlace): unknown {
	if (kind === "function") return offeredBy(members, member);
	const owner = members[holder];
	if (kind === "constructor" || typeof owner !== "function") return owner;
	const place: unknown = kind === "static" ? owner : owner.prototype;
	return isObject(place) ? offeredBy(place, member) : undefined;
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

/** `send-stream` → `sendStream`, and `get-URL` → `getUrl`: the case of a word in WIT does not matter. */
export function camel(kebab: string): string {
	return kebab.toLowerCase().replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `event-stream` → `EventStream` */
export function pascal(kebab: string): string {
	const name = camel(kebab);
	return name.charAt(0).toUpperCase() + name.slice(1);
}
