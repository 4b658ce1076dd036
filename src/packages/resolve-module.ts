import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Conditions under which this host imports a module. */
const CONDITIONS: ReadonlySet<string> = new Set(["node", "import", "module-sync", "node-addons", "default"]);

/**
 * Returns the URL of a module as an import in a file of the folder would find it. `import()` itself resolves from this package.
 * `undefined` if there is none. Patterns in `exports` of a package are not supported.
 *
 * @param name A path that begins with `./`, `../` or `/`, or a package with or without a subpath.
 * @see https://nodejs.org/api/esm.html#resolution-algorithm-specification
 */
export function resolveModule(name: string, folder: string): string | undefined {
	if (/^\.{0,2}[/\\]/.test(name)) return fileUrl(resolve(folder, name));
	const match = /^((?:@[^/]+\/)?[^/]+)(\/.+)?$/.exec(name);
	const [, packageName = "", subpath = ""] = match ?? [];
	for (let parent = resolve(folder); ; parent = dirname(parent)) {
		const home = join(parent, "node_modules", packageName);
		const description = readJson(join(home, "package.json"));
		if (description !== undefined) return inPackage(home, description, `.${subpath}`);
		if (dirname(parent) === parent) return undefined;
	}
}

function inPackage(home: string, description: unknown, subpath: string): string | undefined {
	const { exports, main } = isTable(description) ? description : {};
	if (exports === undefined || exports === null) {
		const file = subpath === "." ? (typeof main === "string" ? main : "index.js") : subpath;
		return fileUrl(join(home, file)) ?? fileUrl(join(home, file, "index.js"));
	}
	const hasSubpaths = isTable(exports) && Object.keys(exports).some((key) => key.startsWith("."));
	const entry = hasSubpaths ? (Object.hasOwn(exports, subpath) ? exports[subpath] : undefined) : subpath === "." ? exports : undefined;
	const target = targetOf(entry);
	return target === undefined ? undefined : fileUrl(join(home, target));
}

/** Deepest nesting of conditions that is read. Real packages have three levels. */
const MAX_DEPTH = 16;

/** Returns the first target whose conditions all hold. */
function targetOf(entry: unknown, depth = 0): string | undefined {
	if (typeof entry === "string") return isTarget(entry) ? entry : undefined;
	if (depth === MAX_DEPTH) return undefined;
	const choices = Array.isArray(entry)
		? entry
		: isTable(entry)
			? Object.entries(entry).map(([key, value]) => CONDITIONS.has(key) && value)
			: [];
	for (const choice of choices) {
		const target = targetOf(choice, depth + 1);
		if (target !== undefined) return target;
	}
	return undefined;
}

/** Returns true for a file of the package itself. Node refuses targets that lead out of it or into another one. */
function isTarget(target: string): boolean {
	const [first, ...segments] = target.split(/[/\\]|%2f|%5c/i);
	return first === "." && !segments.some((segment) => /^(?:\.|%2e){1,2}$|^node_modules$/i.test(segment));
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fileUrl(path: string): string | undefined {
	return statSync(path, { throwIfNoEntry: false })?.isFile() ? pathToFileURL(path).href : undefined;
}

function readJson(path: string): unknown {
	if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
	try {
		const value: unknown = JSON.parse(readFileSync(path, "utf8"));
		return value;
	} catch {
		return undefined;
	}
}
