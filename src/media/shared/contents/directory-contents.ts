import { type FileHandle, open, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAbsent } from "../../../errors/is-absent.ts";
import { makeFolder } from "../../../paths/make-folder.ts";
import { type ContentReader, type ContentStore, type ContentWriter, MissingContent } from "./content-store.ts";

/** Time without a sign of its writer after which a file counts as left by a dead host, in milliseconds. */
const ABANDONED_MS = 3_600_000;

/** Time for which a content stays after the end of the longest lifetime, in milliseconds: requests may still read it. */
const GRACE_MS = 86_400_000;

/**
 * Contents in a directory of a shared file system. A content has a file of its own, so that hosts need no lock: it is written under `writing`, and moved
 * into place when it is complete.
 */
export class DirectoryContents implements ContentStore {
	readonly #contents: string;
	readonly #writing: string;
	readonly #lifetimeMs: number;

	/**
	 * @param root Absolute path. No other deployment uses it.
	 * @param lifetimeMs Longest lifetime of an object.
	 */
	constructor(root: string, lifetimeMs: number) {
		this.#contents = join(root, "contents");
		this.#writing = join(root, "writing");
		this.#lifetimeMs = lifetimeMs;
	}

	/** Makes the folders. @throws The system's error for a directory that cannot be written. */
	async prepare(): Promise<void> {
		for (const folder of [this.#contents, this.#writing]) await makeFolder(folder, 0o700);
		await this.#now();
	}

	write(id: string): ContentWriter {
		const path = join(this.#writing, id);
		return new FileWriter(path, {
			touch: () => this.#touch(path),
			target: async () => {
				await makeFolder(join(this.#contents, id.slice(0, 2)), 0o700);
				return this.#path(id);
			},
		});
	}

	read(id: string, size: number): ContentReader {
		return new FileReader(this.#path(id), size);
	}

	async keep(id: string): Promise<void> {
		await this.#touch(this.#path(id));
	}

	async remove(id: string): Promise<void> {
		await rm(this.#path(id), { force: true });
		await rm(join(this.#writing, id), { force: true });
	}

	async removeAbandoned(): Promise<void> {
		const now = await this.#now();
		await removeOlder(this.#writing, now - ABANDONED_MS);
		for (const folder of await readdir(this.#contents)) {
			if (/^[0-9a-f]{2}$/.test(folder)) await removeOlder(join(this.#contents, folder), now - this.#lifetimeMs - GRACE_MS);
		}
	}

	async close(): Promise<void> {}

	/** Returns the time of the file system, in milliseconds since 1970. The clock of this host may differ. */
	async #now(): Promise<number> {
		const path = join(this.#writing, "clock");
		await writeFile(path, ".", { mode: 0o600 });
		return (await stat(path)).mtimeMs;
	}

	/** Sets the time of a file to the present one, unless the file is gone. */
	async #touch(path: string): Promise<void> {
		const seconds = (await this.#now()) / 1000;
		try {
			await utimes(path, seconds, seconds);
		} catch (thrown) {
			if (!isAbsent(thrown)) throw thrown;
		}
	}

	#path(id: string): string {
		return join(this.#contents, id.slice(0, 2), id);
	}
}

interface FileWriterDeps {
	/** Sets the time of the file to the present one. */
	readonly touch: () => Promise<void>;
	/** Returns the path of the complete file, whose folder is there. */
	readonly target: () => Promise<string>;
}

class FileWriter implements ContentWriter {
	readonly #path: string;
	readonly #deps: FileWriterDeps;
	#file: FileHandle | undefined;

	constructor(path: string, deps: FileWriterDeps) {
		this.#path = path;
		this.#deps = deps;
	}

	async write(bytes: Uint8Array): Promise<void> {
		await (await this.#open()).appendFile(bytes);
	}

	async keep(): Promise<void> {
		if (this.#file !== undefined) await this.#deps.touch();
	}

	async finish(): Promise<void> {
		const file = await this.#open();
		await file.datasync();
		await file.close();
		const target = await this.#deps.target();
		try {
			await rename(this.#path, target);
		} catch (cause) {
			if (isAbsent(cause)) throw new MissingContent(`${this.#path} was removed while it was written`, { cause });
			throw cause;
		}
	}

	async discard(): Promise<void> {
		await this.#file?.close().catch(() => {});
	}

	async #open(): Promise<FileHandle> {
		this.#file ??= await open(this.#path, "wx", 0o600);
		return this.#file;
	}
}

class FileReader implements ContentReader {
	readonly #path: string;
	readonly #size: number;
	#file: FileHandle | undefined;

	constructor(path: string, size: number) {
		this.#path = path;
		this.#size = size;
	}

	async fill(buffer: Uint8Array, position: number): Promise<Uint8Array> {
		this.#file ??= await this.#open();
		const { bytesRead } = await this.#file.read(buffer, 0, Math.min(buffer.byteLength, this.#size - position), position);
		if (bytesRead === 0) throw new MissingContent(`${this.#path} ends before ${this.#size} bytes`);
		return buffer.subarray(0, bytesRead);
	}

	async close(): Promise<void> {
		await this.#file?.close();
	}

	async #open(): Promise<FileHandle> {
		try {
			return await open(this.#path, "r");
		} catch (cause) {
			if (isAbsent(cause)) throw new MissingContent(`${this.#path} is not there`, { cause });
			throw cause;
		}
	}
}

async function removeOlder(folder: string, before: number): Promise<void> {
	for (const name of await readdir(folder)) {
		const path = join(folder, name);
		try {
			const info = await stat(path);
			if (info.isFile() && info.mtimeMs < before) await rm(path, { force: true });
		} catch (thrown) {
			if (!isAbsent(thrown)) throw thrown; // Another host has removed the file.
		}
	}
}
