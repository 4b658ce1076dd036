import { SpearError } from "../../../errors/spear-error.ts";
import { userCacheDirectory } from "../../../paths/user-cache.ts";
import { sourceMapOf } from "../../debug/source-map/section.ts";
import { GuestSourceMap } from "../../debug/source-map/source-map.ts";
import { compileLimited, type LimitedModule } from "../../memory/memory-limit.ts";
import type { ImportedInterface } from "../binary/inspect.ts";
import { sha256 } from "../files/file-record.ts";
import type { OfferedInterfaces, WantedInterface } from "../link/offered-interfaces.ts";
import type { LoadedComponent } from "../loaded-component.ts";
import { type Importer, isRecord } from "../toolchain.ts";
import { HOST_ASYNC_IMPORTS } from "./async-imports.ts";
import { type CacheKey, ComponentCache, cacheKey } from "./cache.ts";
import { type Instantiate, JcoComponent } from "./jco-component.ts";
import { MODULE_FILE, type Transpiled } from "./manifest.ts";
import { transpileComponent } from "./transpile.ts";

export interface JcoOptions {
	/** Imports that may suspend the guest, by the transpiler's names. The default is those of the hostcalls. */
	readonly asyncImports?: readonly string[];
	/** Directory of transpiled components. The default is `~/.cache/spear-hostcall`, or under `$XDG_CACHE_HOME`. */
	readonly cacheDirectory?: string;
	/** Interfaces of the host. Their versions are compared with those of the imports, and their types are not. */
	readonly offered: OfferedInterfaces;
	/** Limit on the linear memories, tables and globals of an instance together, in bytes. */
	readonly maxMemoryBytes: number;
	/** Called for each component that cannot be stored in the cache. The default ignores the reason. */
	readonly onUnusableCache?: (directory: string, cause: unknown) => void;
	/** Imports the optional transpiler; for tests. */
	readonly importer?: Importer;
}

/** The options with their defaults. */
type Options = JcoOptions & Required<Pick<JcoOptions, "asyncImports">>;

/** A transpiled component with its name for messages. */
interface Found extends Transpiled {
	readonly name: string;
}

/** Transpilations in progress: concurrent loads of one component share one. */
const underway = new Map<string, Promise<Transpiled>>();

/**
 * Loads a component by the transpiler of jco: JavaScript that is made once and cached on disk. Needs the optional package
 * `@bytecodealliance/jco-transpile`. The JavaScript runs with the host's rights, and the guest is not metered.
 *
 * @throws SpearError `invalid_request`: not a component, or the transpiler is missing.
 */
export async function loadByJco(bytes: Uint8Array, name: string, options: JcoOptions): Promise<LoadedComponent> {
	const asyncImports = options.asyncImports ?? HOST_ASYNC_IMPORTS;
	const found = await fromBytes(bytes, name, { ...options, asyncImports });
	const imports = found.manifest.imports.map(wantedOf);
	options.offered.checkVersions(found.name, imports);
	const [instantiate, modules] = await Promise.all([importModule(found), compileModules(found, options.maxMemoryBytes)]);
	const sourceMap = new GuestSourceMap(sourceMapOf(bytes));
	const deprecated = options.offered.deprecated(imports);
	return new JcoComponent(found.name, found.manifest, instantiate, {
		modules,
		maxMemoryBytes: options.maxMemoryBytes,
		sourceMap,
		deprecated,
	});
}

/** Returns an imported interface without the types of its functions, which this engine does not know. */
function wantedOf({ name, functions, resources }: ImportedInterface): WantedInterface {
	return { name, functions: Object.fromEntries(functions.map((each) => [each, undefined])), resources };
}

async function fromBytes(bytes: Uint8Array, name: string, options: Options): Promise<Found> {
	const key = await cacheKey(bytes, options.asyncImports);
	const directory = options.cacheDirectory ?? userCacheDirectory();
	const cache = directory === undefined ? undefined : new ComponentCache(directory, options.onUnusableCache);
	const place = `${directory} ${key.name}`;
	const running = underway.get(place);
	if (running !== undefined && options.importer === undefined) return { ...(await running), name };
	const making = make(cache, key, bytes, options);
	underway.set(place, making);
	try {
		return { ...(await making), name };
	} finally {
		underway.delete(place);
	}
}

async function make(cache: ComponentCache | undefined, key: CacheKey, bytes: Uint8Array, options: Options): Promise<Transpiled> {
	const cached = await cache?.get(key);
	if (cached !== undefined) return cached;
	const transpiled = await transpileComponent(bytes, options);
	await cache?.put(key, transpiled);
	return transpiled;
}

/**
 * Imports the generated module from the very bytes that were verified. An import from disk would read the file again, and the file may
 * have been replaced in between.
 */
async function importModule(found: Found): Promise<Instantiate> {
	const bytes = found.files.get(MODULE_FILE);
	if (bytes === undefined) throw new SpearError("internal", `${found.name} has no ${MODULE_FILE}`);
	// Stack traces show the name at the end. Otherwise each frame would show the whole URL.
	const named = Buffer.concat([bytes, Buffer.from(`\n//# sourceURL=spear-agent:${sha256(bytes).slice(0, 16)}/${MODULE_FILE}\n`)]);
	const url = `data:text/javascript;base64,${named.toString("base64")}`;
	const module: unknown = await import(url);
	if (!hasInstantiate(module)) throw new SpearError("internal", `${MODULE_FILE} of ${found.name} exports no function instantiate`);
	return module.instantiate;
}

async function compileModules(found: Found, maxMemoryBytes: number): Promise<Map<string, LimitedModule>> {
	const wasm = [...found.files].filter(([name]) => name.endsWith(".wasm"));
	const modules = await compileLimited(
		wasm.map(([, bytes]) => bytes),
		maxMemoryBytes,
	);
	return new Map(modules.map((module, index) => [wasm[index]?.[0] ?? "", module]));
}

function hasInstantiate(module: unknown): module is { readonly instantiate: Instantiate } {
	return isRecord(module) && typeof module.instantiate === "function";
}
