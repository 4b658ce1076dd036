import { resolve } from "node:path";
import { type Importer, installedVersion } from "../abi/component/toolchain.ts";
import { MAX_SOURCE_MAP_BYTES, withSourceMap } from "../abi/debug/source-map/section.ts";
import { throwIfAborted } from "../async/throw-if-aborted.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isFile } from "../paths/is-file.ts";
import { BuildCache } from "./build-cache.ts";
import { GUEST_WIT } from "./build-guest.ts";
import { bundleGuest } from "./bundle.ts";
import { checkBundle } from "./check-bundle.ts";
import { componentize, ENGINE_TOOLS, type Engine } from "./componentize.ts";
import { withWorld } from "./random-world.ts";
import { wrongRun } from "./run-export.ts";
import { witText } from "./wit-text.ts";
import { readWorlds } from "./wit-worlds.ts";

export interface CachedBuildOptions {
	/** Path of the guest's TypeScript or JavaScript file, which exports `run`. */
	readonly entry: string;
	/** The default is `quickjs`. */
	readonly engine?: Engine;
	/** World that the guest targets. The default is `agent`. */
	readonly world?: string;
	/** The default is the cache of the user. */
	readonly cache?: BuildCache;
	readonly signal?: AbortSignal;
	readonly importer?: Importer | undefined;
	/** Called before a component is built, which takes seconds. Not called for a component of the cache. */
	readonly onBuild?: () => void;
}

export interface CachedBuild {
	readonly component: Uint8Array;
	/** Places of the sources that will fail when they run, with the source line. */
	readonly warnings: readonly string[];
}

/**
 * Returns the component of a guest. The bundle is made each time, and its content finds a component that was built before.
 *
 * @throws SpearError as `buildGuest`.
 */
export async function cachedBuild(options: CachedBuildOptions): Promise<CachedBuild> {
	const { entry, engine = "quickjs", world = "agent", cache = new BuildCache(), signal, importer, onBuild = () => {} } = options;
	const path = resolve(entry);
	if (!(await isFile(path))) throw invalid(`${entry} does not exist; pass the TypeScript or JavaScript file that exports \`run\``);
	const wit = await readWorlds(GUEST_WIT);
	if (!wit.worlds.has(world)) throw invalid(`there is no world \`${world}\`; choose one of ${[...wit.worlds.keys()].join(", ")}`);
	const bundle = await bundleGuest(path, { wit, engine, withPlatform: true, importer });
	checkBundle(bundle, { entry, world, wit, allowOtherPackages: false });
	const { code, sourceMap, usesRandom, warnings } = bundle;
	const tool = ENGINE_TOOLS[engine];
	const version = (await installedVersion(tool.package)) ?? tool.version;
	const key = BuildCache.key(["guest", tool.package, version, world, String(usesRandom), code, sourceMap, await witText(GUEST_WIT)]);
	const known = await cache.get(key);
	if (known !== undefined) return { component: known, warnings };
	throwIfAborted(signal, `building ${entry}`);
	onBuild();
	const script = await withWorld({ directory: GUEST_WIT, world, withRandom: usesRandom }, (target) =>
		componentize({ code, sourceMap, engine, ...target, importer }),
	).catch((thrown: unknown) => {
		throw (thrown instanceof SpearError ? wrongRun(entry, thrown.message) : undefined) ?? thrown;
	});
	throwIfAborted(signal, `building ${entry}`);
	const component = Buffer.byteLength(sourceMap) <= MAX_SOURCE_MAP_BYTES ? withSourceMap(script, sourceMap) : script;
	await cache.put(key, component);
	return { component, warnings };
}

/** Returns true for a path that ends as the source of a guest. */
export function isGuestSource(path: string): boolean {
	return /\.[cm]?[jt]sx?$/.test(path);
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
