import { readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../../paths/make-folder.ts";
import { inspectComponent } from "../binary/inspect.ts";
import { sha256 } from "../files/file-record.ts";
import { MANIFEST_FORMAT, type Transpiled } from "./manifest.ts";
import { asyncImportsOf, transpilerVersion } from "./transpile.ts";
import { readTranspiled, writeTranspiled } from "./transpiled.ts";
import { assertTrusted } from "./trusted-files.ts";

/** Capacity of the cache, in bytes. The entries unused for longest are removed first. */
const MAX_BYTES = 512 * 1024 * 1024;
/** An entry used within this time, in milliseconds, is never removed: another process may be reading it. */
const IN_USE_MS = 10 * 60 * 1000;
/** Names that the cache writes: an entry, or a leftover of an interrupted writer. The directory may hold files of others. */
const OWN_NAME = /^[0-9a-f]{64}(\.[0-9a-f-]{36}\.(?:tmp|old))?$/;

/** Name of a cache entry, and the component that the entry must be made from. */
export interface CacheKey {
	/** Checksum of the component. */
	readonly component: string;
	/** Checksum of all inputs of the entry. */
	readonly name: string;
}

/** Returns the key of a component. The component's own imports are part of the key: a further family of the host leaves the cache valid. */
export async function cacheKey(bytes: Uint8Array, asyncImports: readonly string[]): Promise<CacheKey> {
	const component = sha256(bytes);
	const names = asyncImportsOf(inspectComponent(bytes), asyncImports);
	return { component, name: sha256(JSON.stringify([String(MANIFEST_FORMAT), component, await transpilerVersion(), ...names])) };
}

/**
 * Transpiled components on disk, one directory each, named by the inputs of the entry. Safe between processes: an entry appears whole or
 * not at all, and a second writer uses the entry of the first. An entry that does not verify is made again.
 */
export class ComponentCache {
	readonly directory: string;
	readonly #root: string;
	readonly #onUnusable: (directory: string, cause: unknown) => void;

	/** @param onUnusable Called when the disk refuses an entry. The default ignores the reason. */
	constructor(directory: string, onUnusable: (directory: string, cause: unknown) => void = () => {}) {
		this.#root = directory;
		this.#onUnusable = onUnusable;
		this.directory = join(directory, "components");
	}

	/**
	 * Returns the entry; `undefined` when none verifies. Removes an entry that is corrupted or made from another component.
	 *
	 * @throws SpearError `invalid_request` for a cache that other users can write.
	 */
	async get(key: CacheKey): Promise<Transpiled | undefined> {
		await this.#assertTrusted();
		const entry = join(this.directory, key.name);
		try {
			await stat(entry);
		} catch {
			return undefined;
		}
		try {
			const found = await readTranspiled(entry);
			if (found.manifest.component.sha256 !== key.component) throw new Error("the entry was made from another component");
			const now = new Date();
			await utimes(entry, now, now).catch(() => {});
			return found;
		} catch {
			await rm(entry, { recursive: true, force: true }).catch(() => {});
			return undefined;
		}
	}

	/**
	 * Stores an entry. Only calls `onUnusable` when the disk refuses: a cache that cannot be written is no reason to fail.
	 *
	 * @throws SpearError `invalid_request` for a cache that other users can write.
	 */
	async put(key: CacheKey, transpiled: Transpiled): Promise<void> {
		await this.#assertTrusted();
		try {
			await makeFolder(this.directory, 0o700);
			// Another user may have made the directory since it was checked.
			await assertTrusted(this.directory);
			await writeTranspiled(join(this.directory, key.name), transpiled, "keep");
		} catch (cause) {
			this.#onUnusable(this.#root, cause);
			return;
		}
		await this.#prune().catch(() => {});
	}

	async #assertTrusted(): Promise<void> {
		await assertTrusted(this.#root, { sticky: true });
		await assertTrusted(this.directory);
	}

	/** Removes the entries unused for longest until the others fit, and the leftovers of interrupted writers. */
	async #prune(): Promise<void> {
		const entries: { path: string; bytes: number; used: number }[] = [];
		for (const name of await readdir(this.directory)) {
			const found = OWN_NAME.exec(name);
			if (found === null) continue;
			const path = join(this.directory, name);
			const { mtimeMs } = await stat(path);
			const leftover = found[1] !== undefined;
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
