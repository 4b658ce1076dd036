import { EXPORTS, HOST_INTERFACES } from "../../../generated/abi/component/lowering/index.ts";
import type { ExportLifting, InterfaceLowering } from "../../../generated/abi/component/lowering/runtime.ts";
import { WASI_INTERFACES } from "../../../generated/abi/component/lowering/wasi/index.ts";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { LoadCache } from "../load-cache.ts";
import { DEFAULT_MAX_MEMORY_BYTES } from "../memory/memory-limit.ts";
import type { MeteringMode } from "../metering/metering-mode.ts";
import { compileFound } from "./compile.ts";
import type { ComponentData } from "./component-data.ts";
import { DirectComponent } from "./direct-component.ts";
import { sha256 } from "./files/file-record.ts";
import { loadByJco } from "./jco/load.ts";
import { OfferedInterfaces } from "./link/offered-interfaces.ts";
import type { LoadedComponent } from "./loaded-component.ts";
import type { FoundAgent } from "./prepared/read-prepared.ts";
import { type ComponentSource, type Found, findComponent, locating } from "./source.ts";
import type { Importer } from "./toolchain.ts";

/** Way to run a component: by this project's own linker, or by the code that jco makes of it. */
export type Engine = "direct" | "jco";

export interface LoadOptions {
	/** The default is `direct`. `jco` needs the optional package `@bytecodealliance/jco-transpile`, and its guests are not metered. */
	readonly engine?: Engine;
	/** Metering of the guest. The default is `full`. */
	readonly metering?: MeteringMode;
	/** Interfaces that components may import besides WASI. The default is those of the hostcalls. */
	readonly interfaces?: readonly InterfaceLowering[];
	/** Functions that components may export, by name. The default is those of the worlds of the hostcalls. */
	readonly exports?: Readonly<Record<string, ExportLifting>>;
	/** Limit on the linear memories, tables and globals of an instance together, in bytes. The default is 256 MiB. */
	readonly maxMemoryBytes?: number;
	readonly signal?: AbortSignal;
	/** Imports that may suspend the guest, by the transpiler's names. The default is those of the hostcalls. Of engine `jco` only. */
	readonly asyncImports?: readonly string[];
	/** Directory of transpiled components. The default is `~/.cache/spear-hostcall`, or under `$XDG_CACHE_HOME`. Of engine `jco` only. */
	readonly cacheDirectory?: string;
	/** Called for each component that cannot be stored in the cache. The default ignores the reason. */
	readonly onUnusableCache?: (directory: string, cause: unknown) => void;
	/** Imports the optional transpiler; for tests. */
	readonly importer?: Importer;
}

/** Components of this process, by content and options. */
const loaded = new LoadCache<LoadedComponent>();

/**
 * Loads a guest: a component (`.wasm` file or bytes) or a prepared agent (directory `NAME.spear`). Runs no code of the guest, and makes none.
 *
 * @throws SpearError `invalid_request`: not found, not a component, not verifying, or importing what the host does not offer.
 */
export async function loadComponent(source: ComponentSource, options: LoadOptions = {}): Promise<LoadedComponent> {
	throwIfAborted(options.signal, "loading a component");
	const found = await findComponent(source);
	throwIfAborted(options.signal, "loading a component");
	return loadFoundComponent(found, source, options);
}

/**
 * Loads a component that was found.
 *
 * @param source Place of the component, for messages.
 * @throws As {@link loadComponent}.
 */
export async function loadFoundComponent(
	found: Found | FoundAgent,
	source: ComponentSource,
	options: LoadOptions,
): Promise<LoadedComponent> {
	if (options.engine === "jco") {
		if (!("bytes" in found))
			throw new SpearError("invalid_request", `${found.name} is a prepared agent, and the engine jco needs the component`);
		const { maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES } = options;
		return loadByJco(found.bytes, found.name, { ...options, maxMemoryBytes, offered: offeredBy(options) });
	}
	return locating(source, () => loadDirect(found, options));
}

async function loadDirect(found: Found | FoundAgent, options: LoadOptions): Promise<LoadedComponent> {
	const { metering = "full", maxMemoryBytes = DEFAULT_MAX_MEMORY_BYTES } = options;
	const digest = "bytes" in found ? sha256(found.bytes) : found.digest;
	const make = (): Promise<LoadedComponent> => makeDirect(found, digest, { ...options, metering, maxMemoryBytes });
	if (options.interfaces !== undefined || options.exports !== undefined) return make();
	const key = [found.name, digest, metering, maxMemoryBytes].join(" ");
	return loaded.get(key, make);
}

async function makeDirect(
	found: Found | FoundAgent,
	digest: string,
	options: LoadOptions & Required<Pick<LoadOptions, "metering" | "maxMemoryBytes">>,
): Promise<LoadedComponent> {
	const { metering, maxMemoryBytes } = options;
	const offered = offeredBy(options);
	const { agent, modules } = await compileFound(found, digest, {
		metering,
		maxMemoryBytes,
		check: (name, plan) => offered.check(name, plan),
	});
	return new DirectComponent(agent, { modules, mode: metering, maxMemoryBytes, offered, exports: options.exports ?? EXPORTS });
}

/** Returns the component that the data of another thread describe. Compiles nothing. */
export function componentFromData({ agent, modules, metering, maxMemoryBytes }: ComponentData): LoadedComponent {
	const offered = offeredBy({});
	return new DirectComponent(agent, { modules, mode: metering, maxMemoryBytes, offered, exports: EXPORTS });
}

function offeredBy({ interfaces = HOST_INTERFACES }: Pick<LoadOptions, "interfaces">): OfferedInterfaces {
	return new OfferedInterfaces([...interfaces, ...WASI_INTERFACES]);
}
