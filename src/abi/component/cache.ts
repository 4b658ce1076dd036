import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { type Prepared, sha256 } from "./manifest.ts";
import { readPrepared, writePrepared } from "./prepared.ts";

/** Capacity of the cache, in bytes. The entries unused for longest are removed first. */
const MAX_BYTES = 512 * 1024 * 1024;
/** An entry used within this time, in milliseconds, is never removed: another process may be reading it. */
const IN_USE_MS = 10 * 60 * 1000;

/**
 * Returns the directory for prepared components: `$XDG_CACHE_HOME/spear-hostcall`, or `~/.cache/spear-hostcall`. Returns `undefined` for
 * a user without a home, as in some containers: nothing is cached then.
 */
export function defaultCacheDirectory(): string | undefined {
	const base = process.env.XDG_CACHE_HOME;
	// The specification ignores a relative path: https://specifications.freedesktop.org/basedir-spec/latest/
	if (base !== undefined && isAbsolute(base)) return join(base, "spear-hostcall");
	try {
		return join(homedir(), ".cache", "spear-hostcall");
	} catch {
		return undefined;
	}
}

/**
 * Prepared components on disk, one directory each, named by the inputs of the entry. Safe between processes: an entry appears whole or
 * not at all, and a second writer uses the entry of the first. An entry that does not verify is made again.
 */
export class ComponentCache {
	readonly directory: string;

	constructor(directory: string) {
		this.directory = join(directory, "components");
	}

	/** Returns the directory of an entry, present or not. `parts` are all inputs that the entry depends on. */
	locate(parts: readonly string[]): string {
		return join(this.directory, sha256(JSON.stringify(parts)));
	}

	/** Returns the entry; `undefined` when none verifies. Removes a corrupted entry. */
	async get(entry: string): Promise<Prepared | undefined> {
		try {
			await stat(entry);
		} catch {
			return undefined;
		}
		try {
			const prepared = await readPrepared(entry);
			const now = new Date();
			await utimes(entry, now, now).catch(() => {});
			return prepared;
		} catch {
			await rm(entry, { recursive: true, force: true }).catch(() => {});
			return undefined;
		}
	}

	/** Stores an entry. Returns false when the disk refuses: a cache that cannot be written is no reason to fail. */
	async put(entry: string, prepared: Prepared): Promise<boolean> {
		try {
			await mkdir(this.directory, { recursive: true, mode: 0o700 });
			await writePrepared(entry, prepared, "keep");
		} catch {
			return false;
		}
		await this.#prune().catch(() => {});
		return true;
	}

	/** Removes the entries unused for longest until the others fit, and the leftovers of interrupted writers. */
	async #prune(): Promise<void> {
		const entries: { path: string; bytes: number; used: number }[] = [];
		for (const name of await readdir(this.directory)) {
			const path = join(this.directory, name);
			const { mtimeMs } = await stat(path);
			const leftover = name.includes(".");
			if (leftover && Date.now() - mtimeMs > IN_USE_MS) await rm(path, { recursive: true, force: true });
			else if (!leftover) entries.push({ path, bytes: await sizeOf(path), used: mtimeMs });
		}
		let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
		for (const entry of entries.sort((a, b) => a.used - b.used)) {
			if (total <= MAX_BYTES || Date.now() - entry.used < IN_USE_MS) break;
			await rm(entry.path, { recursive: true, force: true });
			total -= entry.bytes;
		}
	}
}

async function sizeOf(directory: string): Promise<number> {
	let bytes = 0;
	for (const name of await readdir(directory)) bytes += (await stat(join(directory, name))).size;
	return bytes;
}
