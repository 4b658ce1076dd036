import { resolve } from "node:path";
import type { Importer } from "../../abi/component/toolchain.ts";
import { MAX_SOURCE_MAP_BYTES, withSourceMap } from "../../abi/debug/source-map/section.ts";
import { EVALUATED_FILE } from "../../abi/debug/source-map/source-map.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { isFile } from "../../paths/is-file.ts";
import { BuildCache } from "../build-cache.ts";
import { GUEST_WIT } from "../build-guest.ts";
import { bundleGuest } from "../bundle.ts";
import { checkBundle } from "../check-bundle.ts";
import { readWorlds } from "../wit-worlds.ts";
import { devEngine } from "./dev-engine.ts";
import { framedInput } from "./engine-source.ts";

export interface DevGuestOptions {
	/** Path of the guest's TypeScript or JavaScript file, which exports `run`. */
	readonly entry: string;
	/** World that the guest targets. The default is `agent`. */
	readonly world?: string;
	/** The default is the cache of the user. */
	readonly cache?: BuildCache;
	readonly importer?: Importer | undefined;
	/** Called before the development engine is built, which takes seconds, once for each release. */
	readonly onEngineBuild?: () => void;
}

/** A guest for development: an engine that was built before, and the guest's code as part of each run's input. */
export interface DevGuest {
	/** Component of the engine, with the source map of the guest. */
	readonly component: Uint8Array;
	/** Files that the guest was made of, by absolute path. */
	readonly files: readonly string[];
	/** Places of the sources that will fail when they run, with the source line. */
	readonly warnings: readonly string[];
	/** Returns the input of a run of the component, for an input of the guest. */
	framed(input: string): string;
}

/**
 * Bundles a guest for QuickJS and the development engine. Takes milliseconds where a build takes seconds. The guest's top level runs at the
 * start of each run, in place of once during the build. The top level cannot call the host either way.
 *
 * @throws SpearError as `buildGuest`, but for failures of the top level, which the run has.
 */
export async function devGuest({
	entry,
	world = "agent",
	cache = new BuildCache(),
	importer,
	onEngineBuild,
}: DevGuestOptions): Promise<DevGuest> {
	const path = resolve(entry);
	if (!(await isFile(path)))
		throw new SpearError("invalid_request", `${entry} does not exist; pass the TypeScript or JavaScript file that exports \`run\``);
	const wit = await readWorlds(GUEST_WIT);
	if (!wit.worlds.has(world))
		throw new SpearError("invalid_request", `there is no world \`${world}\`; choose one of ${[...wit.worlds.keys()].join(", ")}`);
	const bundle = await bundleGuest(path, { wit, engine: "quickjs", withPlatform: true, format: "cjs", importer });
	// The module that the build writes exports `run`, and a CommonJS bundle has no list of exports.
	checkBundle({ ...bundle, exports: ["run"] }, { entry, world, wit, allowOtherPackages: false });
	const engine = await devEngine({
		wit,
		witDirectory: GUEST_WIT,
		cache,
		importer,
		...(onEngineBuild === undefined ? {} : { onBuild: onEngineBuild }),
	});
	const map = JSON.stringify({ file: EVALUATED_FILE, ...JSON.parse(bundle.sourceMap) });
	return {
		component: Buffer.byteLength(map) <= MAX_SOURCE_MAP_BYTES ? withSourceMap(engine, map) : engine,
		files: bundle.files,
		warnings: bundle.warnings,
		framed: (input) => framedInput(bundle.code, input),
	};
}
