import { createHash } from "node:crypto";
import { lstat, readdir, readFile, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../paths/make-folder.ts";
import { userCacheDirectory } from "../paths/user-cache.ts";
import { writeAtomically } from "./write-output.ts";

/** Most files that are kept. The file that was not used for longest goes first. */
const MAX_FILES = 64;

/** Components that were built before, by the content that they were built from, in the cache of the user. */
export class BuildCache {
	/** Absent for a user without a home: nothing is kept then. */
	readonly directory: string | undefined;

	/** @param directory The default is the folder `builds` in the user's cache. */
	constructor(directory = defaultDirectory()) {
		this.directory = directory;
	}

	/** Returns the key of a content. The lengths of the parts are part of the key. */
	static key(parts: readonly string[]): string {
		const hash = createHash("sha256");
		for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
		return hash.digest("hex");
	}

	/** Returns a component, or `undefined` if the cache has none of this key. */
	async get(key: string): Promise<Uint8Array | undefined> {
		const path = this.#pathOf(key);
		if (path === undefined) return undefined;
		try {
			const bytes = await readFile(path);
			const now = new Date();
			await utimes(path, now, now).catch(() => {});
			return bytes;
		} catch {
			return undefined;
		}
	}

	/** Keeps a component. A folder that cannot be written keeps none: the next build takes its time again. */
	async put(key: string, bytes: Uint8Array): Promise<void> {
		const path = this.#pathOf(key);
		if (path === undefined || this.directory === undefined) return;
		try {
			// No other user of the machine may replace a component.
			await makeFolder(this.directory, 0o700);
			await writeAtomically(path, bytes);
			await this.#prune(this.directory);
		} catch {}
	}

	async #prune(directory: string): Promise<void> {
		const all = await listed(directory);
		const surplus = all.sort((a, b) => b.usedAt - a.usedAt).slice(MAX_FILES);
		await Promise.all(surplus.map(({ path }) => rm(path, { force: true })));
	}

	#pathOf(key: string): string | undefined {
		return this.directory === undefined ? undefined : join(this.directory, `${key}.wasm`);
	}
}

interface CachedFile {
	readonly path: string;
	/** Size, in bytes. */
	readonly size: number;
	/** Time of the last use, in milliseconds since 1970. */
	readonly usedAt: number;
}

/** Returns the files that this cache wrote, with those of interrupted writes. No other file, and nothing behind a link. */
async function listed(directory: string): Promise<CachedFile[]> {
	const names = await readdir(directory).catch(() => []);
	const files = names
		.filter((name) => /^[0-9a-f]{64}\.wasm(?:\.[0-9a-f-]{36}\.tmp)?$/.test(name))
		.map(async (name) => {
			const path = join(directory, name);
			const info = await lstat(path).catch(() => undefined);
			return info?.isFile() ? [{ path, size: info.size, usedAt: info.mtimeMs }] : [];
		});
	return (await Promise.all(files)).flat();
}

function defaultDirectory(): string | undefined {
	const cache = userCacheDirectory();
	return cache === undefined ? undefined : join(cache, "builds");
}
