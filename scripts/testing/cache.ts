import { readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Compiled modules and built guests of former runs. Everything in it can be made again. */
const CACHE = resolve(".cache/tests");

/** Size above which the cache is removed, in bytes. Every change of a module or of the guests' compiler adds entries. */
const MAX_BYTES = 1024 ** 3;

/** Removes the cache if it has grown too large. Returns the directory of compiled modules. */
export function prepareCache(): string {
	if (sizeOf(CACHE) > MAX_BYTES) rmSync(CACHE, { recursive: true });
	return join(CACHE, "compiled");
}

function sizeOf(directory: string): number {
	const files = statSync(directory, { throwIfNoEntry: false }) ? readdirSync(directory, { recursive: true, withFileTypes: true }) : [];
	return files.filter((entry) => entry.isFile()).reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
