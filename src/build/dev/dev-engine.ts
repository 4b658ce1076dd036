import { type Importer, installedVersion } from "../../abi/component/toolchain.ts";
import { BuildCache } from "../build-cache.ts";
import { componentize, ENGINE_TOOLS } from "../componentize.ts";
import { RANDOM_INTERFACE } from "../platform.ts";
import { withWorld } from "../random-world.ts";
import { witText } from "../wit-text.ts";
import type { WitWorlds } from "../wit-worlds.ts";
import { engineSource } from "./engine-source.ts";

/** World of the development engine: every interface that a guest can import. */
const WORLD = "agent";

export interface DevEngineOptions {
	readonly wit: WitWorlds;
	readonly witDirectory: string;
	readonly cache: BuildCache;
	readonly importer?: Importer | undefined;
	/** Called before the engine is built, which takes seconds. */
	readonly onBuild?: () => void;
}

/** Returns the component of the development engine: from the cache, or built once for each release of the engine and of the interfaces. */
export async function devEngine({ wit, witDirectory, cache, importer, onBuild = () => {} }: DevEngineOptions): Promise<Uint8Array> {
	const interfaces = [...(wit.worlds.get(WORLD) ?? [])].filter((name) => name !== "types").map((name) => withVersion(wit, name));
	const code = engineSource([...interfaces, RANDOM_INTERFACE]);
	const tool = ENGINE_TOOLS.quickjs;
	const version = (await installedVersion(tool.package)) ?? tool.version;
	const key = BuildCache.key(["dev engine", tool.package, version, code, await witText(witDirectory)]);
	const known = await cache.get(key);
	if (known !== undefined) return known;
	onBuild();
	const built = await withWorld({ directory: witDirectory, world: WORLD, withRandom: true }, (target) =>
		componentize({ code, sourceMap: EMPTY_MAP, engine: "quickjs", ...target, importer }),
	);
	await cache.put(key, built);
	return built;
}

const EMPTY_MAP = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });

function withVersion({ package: name, version }: WitWorlds, path: string): string {
	return `${name}/${path}${version === undefined ? "" : `@${version}`}`;
}
