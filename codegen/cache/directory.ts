/** The place of the cache. */
import * as path from "node:path";
import { statOf } from "../write/disk.ts";
import { sha256 } from "../write/hash.ts";

/**
 * Returns the directory that caches for one generated tree, in `node_modules/.cache/spear-codegen` of the nearest package around
 * the tree that has `node_modules` of its own and not as a link. Without such a package, nothing is cached.
 */
export function cacheDirectory(outDir: string): string | undefined {
	for (let directory = path.dirname(outDir); ; directory = path.dirname(directory)) {
		const modules = path.join(directory, "node_modules");
		if (statOf(modules)?.isDirectory() === true) return path.join(modules, ".cache", "spear-codegen", sha256(outDir).slice(0, 16));
		if (directory === path.dirname(directory)) return undefined;
	}
}
