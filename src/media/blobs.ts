import { createHash, type Hash, randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { KeyedQueue } from "../async/keyed-queue.ts";
import { makeFolder } from "../paths/make-folder.ts";
import type { MediaDirectory } from "./directory.ts";

/** Contents on disk, by SHA-256. Objects of equal content share one file, also across guests. */
export class Blobs {
	readonly #directory: MediaDirectory;
	/** Number of objects by content. */
	readonly #references = new Map<string, number>();
	/** Serializes changes of one content, so that a release for the last object cannot remove the file of an object that is added. */
	readonly #queue = new KeyedQueue();

	constructor(directory: MediaDirectory) {
		this.#directory = directory;
	}

	/** Opens a temporary file for content whose hash is not known yet. */
	async create(): Promise<BlobWriter> {
		const { temporary } = await this.#directory.paths();
		const path = join(temporary, randomUUID());
		return new BlobWriter(path, await open(path, "wx", 0o600));
	}

	/** Adds an object of this content. Moves the finished temporary file into place, or removes it if the content exists. */
	async add(path: string, sha256: string): Promise<void> {
		await this.#queue.run(sha256, async () => {
			const references = this.#references.get(sha256) ?? 0;
			if (references > 0) {
				await rm(path);
			} else {
				const target = await this.#path(sha256);
				await makeFolder(join(target, ".."), 0o700);
				await rename(path, target);
			}
			this.#references.set(sha256, references + 1);
		});
	}

	/** Releases one object of this content. Removes the file with the last one. */
	async release(sha256: string): Promise<void> {
		await this.#queue.run(sha256, async () => {
			const references = (this.#references.get(sha256) ?? 0) - 1;
			if (references > 0) {
				this.#references.set(sha256, references);
			} else {
				this.#references.delete(sha256);
				await rm(await this.#path(sha256), { force: true });
			}
		});
	}

	async open(sha256: string): Promise<FileHandle> {
		return open(await this.#path(sha256), "r");
	}

	/** Counts an object that an earlier host stored. Returns false if its content is missing or has another size. */
	async restore(sha256: string, size: number): Promise<boolean> {
		try {
			if ((await stat(await this.#path(sha256))).size !== size) return false;
		} catch {
			return false;
		}
		this.#references.set(sha256, (this.#references.get(sha256) ?? 0) + 1);
		return true;
	}

	/** Removes every file that no object uses. */
	async removeUnused(): Promise<void> {
		const { blobs } = await this.#directory.paths();
		for (const entry of await readdir(blobs, { recursive: true, withFileTypes: true })) {
			if (!entry.isDirectory() && !this.#references.has(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true });
		}
	}

	async #path(sha256: string): Promise<string> {
		const { blobs } = await this.#directory.paths();
		return join(blobs, sha256.slice(0, 2), sha256);
	}
}

/** A temporary file whose content is hashed while it is written. Calls must not overlap. */
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

	/**
	 * Closes the file and returns the SHA-256 of its content.
	 *
	 * @param durable Flushes the content to disk first, so that it survives a loss of power.
	 */
	async finish(durable: boolean): Promise<string> {
		if (durable) await this.#file.datasync();
		await this.#file.close();
		return this.#hash.digest("hex");
	}

	/** Closes and removes the file. */
	async discard(): Promise<void> {
		await this.#file.close().catch(() => {});
		await rm(this.path, { force: true });
	}
}
