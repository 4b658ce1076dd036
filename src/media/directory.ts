import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { makeFolder } from "../paths/make-folder.ts";
import { removeAbandoned, TEMPORARY_PREFIX } from "./abandoned-directories.ts";
import { lockDirectory, unlockDirectory } from "./directory-lock.ts";

/** Paths of the parts of a store. */
export interface MediaPaths {
	/** Contents, by SHA-256. */
	readonly blobs: string;
	/** A file for each object of a named guest. */
	readonly records: string;
	/** Files being written. */
	readonly temporary: string;
}

/**
 * The directory of one store.
 * - A configured directory persists. A single host may use it, and the next host restores the objects after a crash.
 * - A temporary directory is created with the first object, and removed by `close` or at the end of the process.
 */
export class MediaDirectory {
	readonly #configured: string | undefined;
	#opened: Promise<{ root: string; paths: MediaPaths }> | undefined;
	#removeAtExit: (() => void) | undefined;

	/** @param configured Path of the directory. The default is a temporary directory. */
	constructor(configured: string | undefined) {
		this.#configured = configured === undefined ? undefined : resolve(configured);
	}

	/** True if the directory outlives the host. */
	get persistent(): boolean {
		return this.#configured !== undefined;
	}

	/**
	 * Returns the paths. The first call creates and locks the directory, and removes files that a crash left half-written.
	 *
	 * @throws SpearError `invalid_request` for a configured directory that cannot be used; `internal` for a temporary one.
	 */
	async paths(): Promise<MediaPaths> {
		this.#opened ??= this.#open().catch((thrown: unknown) => {
			this.#opened = undefined;
			throw thrown;
		});
		return (await this.#opened).paths;
	}

	/** Unlocks the directory. Removes a temporary one. */
	async close(): Promise<void> {
		if (this.#opened === undefined) return;
		const { root } = await this.#opened;
		await unlockDirectory(root);
		if (!this.persistent) await rm(root, { recursive: true, force: true, maxRetries: 3 });
		if (this.#removeAtExit !== undefined) process.off("exit", this.#removeAtExit);
	}

	async #open(): Promise<{ root: string; paths: MediaPaths }> {
		const root = this.#configured ?? (await this.#createTemporary());
		const paths = { blobs: join(root, "blobs"), records: join(root, "objects"), temporary: join(root, "tmp") };
		try {
			await makeFolder(root, 0o700);
			await lockDirectory(root);
		} catch (thrown) {
			throw this.#unusable(thrown);
		}
		try {
			await rm(paths.temporary, { recursive: true, force: true });
			for (const path of Object.values(paths)) await makeFolder(path, 0o700);
		} catch (thrown) {
			await unlockDirectory(root);
			throw this.#unusable(thrown);
		}
		return { root, paths };
	}

	#unusable(cause: unknown): SpearError {
		if (cause instanceof SpearError) return cause;
		const reason = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
		return this.persistent
			? new SpearError("invalid_request", `[media] dir: the directory cannot be used${reason}; check that the host may write there`, {
					cause,
				})
			: new SpearError("internal", "the host cannot store media; its log has the details", { cause });
	}

	async #createTemporary(): Promise<string> {
		const parent = tmpdir();
		await removeAbandoned(parent);
		const root = await mkdtemp(join(parent, TEMPORARY_PREFIX));
		this.#removeAtExit = () => rmSync(root, { recursive: true, force: true });
		process.on("exit", this.#removeAtExit);
		return root;
	}
}
