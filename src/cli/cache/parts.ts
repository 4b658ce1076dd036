import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { SpearError } from "../../errors/spear-error.ts";
import { userCacheDirectory } from "../../paths/user-cache.ts";

/** A part of the cache whose entries can be made again. Models are no such part: `spear models remove` removes them. */
interface Part {
	/** Folder in the cache. */
	readonly name: string;
	readonly holds: string;
	/** Names of entries. Nothing else is counted or removed. */
	readonly entries: RegExp;
}

const PARTS: readonly Part[] = [
	{
		name: "builds",
		holds: "components that `spear run` and `spear dev` have built",
		entries: /^[0-9a-f]{64}\.wasm(?:\.[0-9a-f-]{36}\.tmp)?$/,
	},
	{ name: "components", holds: "components that the engine jco has transpiled", entries: /^[0-9a-f]{64}$/ },
];

/** Content of a part of the cache. */
export interface PartUse {
	readonly name: string;
	readonly holds: string;
	/** Number of components. */
	readonly entries: number;
	readonly bytes: number;
}

/**
 * Returns the folder of the cache.
 *
 * @throws SpearError `invalid_request` for a user without a home.
 */
export function cacheDirectory(): string {
	const directory = userCacheDirectory();
	if (directory !== undefined) return directory;
	throw new SpearError("invalid_request", "this user has no home, and so no cache; set XDG_CACHE_HOME to a directory");
}

/**
 * Returns what each part holds.
 *
 * @param isRemoved True to remove the entries. The use before is returned.
 */
export async function partsOf(directory: string, isRemoved: boolean): Promise<PartUse[]> {
	const uses: PartUse[] = [];
	for (const { name, holds, entries } of PARTS) {
		const folder = join(directory, name);
		const names = (await readdir(folder).catch(() => [])).filter((entry) => entries.test(entry));
		let bytes = 0;
		for (const entry of names) {
			bytes += await sizeOf(join(folder, entry));
			if (isRemoved) await rm(join(folder, entry), { recursive: true, force: true });
		}
		uses.push({ name, holds, entries: names.length, bytes });
	}
	return uses;
}

/** Returns the size of a file, or of the files of a folder. Follows no link. */
async function sizeOf(path: string): Promise<number> {
	const info = await lstat(path).catch(() => undefined);
	if (info === undefined || info.isSymbolicLink()) return 0;
	if (!info.isDirectory()) return info.size;
	let bytes = 0;
	for (const name of await readdir(path)) bytes += await sizeOf(join(path, name));
	return bytes;
}
