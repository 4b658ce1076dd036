import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { userCacheDirectory } from "../../paths/user-cache.ts";
import { checkVersions, hostVersions } from "./abi-version.ts";
import { HOST_ASYNC_IMPORTS } from "./async-imports.ts";
import { type CacheKey, ComponentCache, cacheKey } from "./cache.ts";
import { type Instantiate, LoadedComponent } from "./loaded-component.ts";
import { MODULE_FILE, type Prepared, sha256 } from "./manifest.ts";
import { compileLimited, DEFAULT_MAX_MEMORY_BYTES, type LimitedModule } from "./memory-limit.ts";
import { readManifest, readPrepared } from "./prepared.ts";
import { type Importer, isRecord } from "./toolchain.ts";
import { asyncImportsOf, transpileComponent } from "./transpile.ts";

export interface LoadOptions {
	/** Imports that may suspend the guest, by the transpiler's names. The default is those of the hostcalls. */
	readonly asyncImports?: readonly string[];
	/** Directory of transpiled components. The default is `~/.cache/spear-hostcall`, or under `$XDG_CACHE_HOME`. */
	readonly cacheDirectory?: string;
	/** Limit on the linear memories, tables and globals of an instance together, in bytes. The default is 256 MiB. */
	readonly maxMemoryBytes?: number;
	/**
	 * Use of a directory `x.spear/` beside `x.wasm` that says it was made from exactly that component. The JavaScript in it runs with the
	 * host's rights, and no checksum proves its origin: say `use` only where every file beside the component is trusted. The default is
	 * `ignore`.
	 */
	readonly prepared?: "use" | "ignore";
	readonly signal?: AbortSignal;
	/** Called for each component that cannot be stored in the cache. The default ignores the reason. */
	readonly onUnusableCache?: (directory: string, cause: unknown) => void;
	/** Imports the optional transpiler; for tests. */
	readonly importer?: Importer;
}

/** The options with their defaults. */
type Options = LoadOptions & Required<Pick<LoadOptions, "asyncImports">>;

/** A prepared agent with its name for messages. */
interface Found extends Prepared {
	readonly name: string;
}

/** Components of this process, by content and limit: loading the same component again compiles nothing. */
const loaded = new Map<string, WeakRef<LoadedComponent>>();
/** Transpilations in progress: concurrent loads of one component share one. */
const underway = new Map<string, Promise<Prepared>>();

/**
 * Loads a guest: a component (`.wasm` file or bytes) or a prepared agent (directory `NAME.spear`).
 *
 * A bare component is transpiled once and cached on disk. That needs the optional package `@bytecodealliance/jco-transpile`. A prepared
 * agent needs no package. Imported JavaScript stays in the process, in Node's module cache.
 *
 * @throws SpearError `invalid_request`: not found, not a component, not verifying, or the transpiler is missing.
 */
export async function loadComponent(source: string | URL | Uint8Array, options: LoadOptions = {}): Promise<LoadedComponent> {
	throwIfAborted(options.signal, "loading a component");
	const asyncImports = options.asyncImports ?? HOST_ASYNC_IMPORTS;
	const found =
		source instanceof Uint8Array
			? await fromBytes(source, undefined, { ...options, asyncImports })
			: await fromPath(toPath(source), { ...options, asyncImports });
	throwIfAborted(options.signal, "loading a component");
	checkVersions(found.name, found.manifest.imports, hostVersions(asyncImports));
	checkSuspending(found, asyncImports);
	const maxMemoryBytes = options.maxMemoryBytes ?? DEFAULT_MAX_MEMORY_BYTES;
	const checksums = Object.entries(found.manifest.files).map(([name, { sha256 }]) => `${name}:${sha256}`);
	const key = [found.manifest.component.sha256, ...checksums.sort(), maxMemoryBytes].join(" ");
	const known = loaded.get(key)?.deref();
	if (known !== undefined) return known;
	const [instantiate, modules] = await Promise.all([importModule(found), compileModules(found, maxMemoryBytes)]);
	const component = loaded.get(key)?.deref() ?? new LoadedComponent(found.name, found.manifest, instantiate, { modules, maxMemoryBytes });
	loaded.set(key, new WeakRef(component));
	forget.register(component, key);
	return component;
}

const forget = new FinalizationRegistry<string>((key) => {
	if (loaded.get(key)?.deref() === undefined) loaded.delete(key);
});

function toPath(source: string | URL): string {
	if (typeof source === "string") return resolve(source);
	if (source.protocol === "file:") return fileURLToPath(source);
	throw new SpearError("invalid_request", `a component cannot be loaded from a ${source.protocol} URL; fetch its bytes and pass those`);
}

async function fromPath(path: string, options: Options): Promise<Found> {
	const info = await stat(path).catch((cause: unknown) => {
		throw new SpearError(
			"invalid_request",
			`${path} cannot be read; give the path of a component (.wasm) or of a prepared agent (.spear)`,
			{ cause },
		);
	});
	if (info.isDirectory()) return { ...(await readPrepared(path)), name: basename(path) };
	const bytes = await readFile(path).catch((cause: unknown) => {
		throw new SpearError("invalid_request", `${path} cannot be read: ${fileFault(cause)}`, { cause });
	});
	if (options.prepared === "use" && path.endsWith(".wasm")) {
		const beside = `${path.slice(0, -".wasm".length)}.spear`;
		const prepared = await preparedFrom(beside, sha256(bytes), options.asyncImports);
		if (prepared !== undefined) return { ...prepared, name: basename(path) };
	}
	return fromBytes(bytes, basename(path), options);
}

/** Returns a prepared agent that was made from this component and suspends where this host does; `undefined` for any other. */
async function preparedFrom(directory: string, component: string, asyncImports: readonly string[]): Promise<Prepared | undefined> {
	try {
		const manifest = await readManifest(directory);
		if (manifest.component.sha256 !== component || !sameNames(manifest, asyncImports)) return undefined;
		return await readPrepared(directory);
	} catch {
		return undefined;
	}
}

async function fromBytes(bytes: Uint8Array, name: string | undefined, options: Options): Promise<Found> {
	const key = await cacheKey(bytes, options.asyncImports);
	const label = name ?? `component ${key.component.slice(0, 12)}`;
	const directory = options.cacheDirectory ?? userCacheDirectory();
	const cache = directory === undefined ? undefined : new ComponentCache(directory, options.onUnusableCache);
	const place = `${directory} ${key.name}`;
	const running = underway.get(place);
	if (running !== undefined && options.importer === undefined) return { ...(await running), name: label };
	const making = make(cache, key, bytes, options);
	underway.set(place, making);
	try {
		return { ...(await making), name: label };
	} finally {
		underway.delete(place);
	}
}

async function make(cache: ComponentCache | undefined, key: CacheKey, bytes: Uint8Array, options: Options): Promise<Prepared> {
	const cached = await cache?.get(key);
	if (cached !== undefined) return cached;
	const prepared = await transpileComponent(bytes, options);
	await cache?.put(key, prepared);
	return prepared;
}

function sameNames(manifest: Prepared["manifest"], known: readonly string[]): boolean {
	const expected = asyncImportsOf(manifest, known);
	return expected.length === manifest.asyncImports.length && expected.every((name, index) => name === manifest.asyncImports[index]);
}

/** Refuses a prepared agent that suspends at other functions than this host. Otherwise a run would fail in the middle. */
function checkSuspending(found: Found, known: readonly string[]): void {
	if (sameNames(found.manifest, known)) return;
	throw new SpearError(
		"invalid_request",
		`${found.name} was prepared for another version of the hostcalls: the functions that may wait differ; prepare it again with \`spear build\``,
	);
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
