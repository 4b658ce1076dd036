import type { ImportedInterface } from "./binary/inspect.ts";

/** What a component is instantiated with: interface name without version → its functions and resource classes. */
export type ImportObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Splits `spear:ai/cchat@0.1.0`. */
export function splitVersion(name: string): { readonly base: string; readonly version: string | undefined } {
	const at = name.lastIndexOf("@");
	return at === -1 ? { base: name, version: undefined } : { base: name.slice(0, at), version: name.slice(at + 1) };
}

/** What the component wants and `offered` lacks, one line each; empty when it can be instantiated. */
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

/** Finds the implementation of one WIT function the way the transpiled code will. */
function lookUp(members: Readonly<Record<string, unknown>>, wit: string): unknown {
	const match = /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(wit);
	if (match === null) return offeredBy(members, camel(wit));
	const [, kind, resource = "", method = ""] = match;
	const holder = members[pascal(resource)];
	if (kind === "constructor" || typeof holder !== "function") return holder;
	const place: unknown = kind === "static" ? holder : holder.prototype;
	return isObject(place) ? offeredBy(place, camel(method)) : undefined;
}

const EVERY_OBJECTS: ReadonlySet<object> = new Set([Object.prototype, Function.prototype]);

/** The member of that name, unless it is only what every object has: a guest must not come by `constructor` or `valueOf`. */
function offeredBy(place: object, name: string): unknown {
	if (name === "constructor") return undefined;
	for (let at: object | null = place; at !== null && !EVERY_OBJECTS.has(at); at = Object.getPrototypeOf(at)) {
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
