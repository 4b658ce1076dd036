import { createHash, type Hash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { KeyedQueue } from "../async/keyed-queue.ts";
import type { MediaDirectory } from "./directory.ts";

/** Content on disk, each named by its SHA-256 and there once, however many objects have it. Knows of no guest. */
export class Blobs {
	readonly #directory: MediaDirectory;
	/** How many objects have each content. */
	readonly #users = new Map<string, number>();
	/** Keeps a content from being removed for its last object while it is stored for a new one. */
	readonly #queue = new KeyedQueue();

	constructor(directory: MediaDirectory) {
		this.#directory = directory;
	}

	/** Opens a file for content whose hash is not known yet. */
	async create(): Promise<BlobWriter> {
		const { temporary } = await this.#directory.paths();
		const path = join(temporary, randomUUID());
		return new BlobWriter(path, await open(path, "wx", 0o600));
	}

	/** Makes finished content available to one object. */
	async keep(path: string, sha256: string): Promise<void> {
		await this.#queue.run(sha256, async () => {
			const users = this.#users.get(sha256) ?? 0;
			if (users > 0) {
				await rm(path);
			} else {
				const target = await this.#path(sha256);
				await mkdir(join(target, ".."), { recursive: true, mode: 0o700 });
				await rename(path, target);
			}
			this.#users.set(sha256, users + 1);
		});
	}

	/** One object less has this content; with the last one it goes. */
	async release(sha256: string): Promise<void> {
		await this.#queue.run(sha256, async () => {
			const users = (this.#users.get(sha256) ?? 0) - 1;
			if (users > 0) {
				this.#users.set(sha256, users);
			} else {
				this.#users.delete(sha256);
				await rm(await this.#path(sha256), { force: true });
			}
		});
	}

	async open(sha256: string): Promise<FileHandle> {
		return open(await this.#path(sha256), "r");
	}

	/** Takes account of an object that an earlier host stored. Tells whether its content is there, whole. */
	async adopt(sha256: string, size: number): Promise<boolean> {
		try {
			if ((await stat(await this.#path(sha256))).size !== size) return false;
		} catch {
			return false;
		}
		this.#users.set(sha256, (this.#users.get(sha256) ?? 0) + 1);
		return true;
	}

	/** Removes what no object has. */
	async removeUnused(): Promise<void> {
		const { blobs } = await this.#directory.paths();
		for (const entry of await readdir(blobs, { recursive: true, withFileTypes: true })) {
			if (!entry.isDirectory() && !this.#users.has(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true });
		}
	}

	async #path(sha256: string): Promise<string> {
		const { blobs } = await this.#directory.paths();
		return join(blobs, sha256.slice(0, 2), sha256);
	}
}

/** Content being written: hashed as it goes to disk, never held whole. Its calls must not overlap. */
export class BlobWriter {
	readonly path: string;
	readonly #file: FileHandle;
	readonly #hash: Hash = createHash("sha256");

	constructor(path: string, file: FileHandle) {
		this.path = path;
		this.#file = file;
	}

	async write(bytes: Uint8Array): Promise<void> {
		this.#hash.update(bytes);
		await this.#file.appendFile(bytes);
	}

	/** Closes the file, leaving it where it is. `lasting` waits until it would survive a loss of power. */
	async finish(lasting: boolean): Promise<string> {
		if (lasting) await this.#file.datasync();
		await this.#file.close();
		return this.#hash.digest("hex");
	}

	/** Removes the file. */
	async discard(): Promise<void> {
		await this.#file.close().catch(() => {});
		await rm(this.path, { force: true });
	}
}
