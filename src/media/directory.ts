import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { isAbandoned, lockDirectory, unlockDirectory } from "./directory-lock.ts";

/** Where the parts of a store are. */
export interface MediaPaths {
	/** Content, by its SHA-256. */
	readonly blobs: string;
	/** Who owns what, one file an object: only what outlives the host. */
	readonly records: string;
	/** What is being written. */
	readonly temporary: string;
}

const PREFIX = "spear-media-";

/**
 * The directory of one store. A configured one stays, belongs to one host at a time and is taken over after a crash. Without
 * one, a directory of the host's own is made when the first object is written and goes with `close`, or with the process.
 */
export class MediaDirectory {
	readonly #configured: string | undefined;
	#opened: Promise<{ root: string; paths: MediaPaths }> | undefined;
	#removeAtExit: (() => void) | undefined;

	constructor(configured: string | undefined) {
		this.#configured = configured === undefined ? undefined : resolve(configured);
	}

	/** Whether it outlives the host. */
	get lasting(): boolean {
		return this.#configured !== undefined;
	}

	/** Makes the directory, unless that is done, and clears it of what a crash left half written. */
	async paths(): Promise<MediaPaths> {
		this.#opened ??= this.#open().catch((thrown: unknown) => {
			this.#opened = undefined;
			throw thrown;
		});
		return (await this.#opened).paths;
	}

	/** Lets go of the directory; removes it when it is the host's own. */
	async close(): Promise<void> {
		if (this.#opened === undefined) return;
		const { root } = await this.#opened;
		await unlockDirectory(root);
		if (!this.lasting) await rm(root, { recursive: true, force: true, maxRetries: 3 });
		if (this.#removeAtExit !== undefined) process.off("exit", this.#removeAtExit);
	}

	async #open(): Promise<{ root: string; paths: MediaPaths }> {
		const root = this.#configured ?? (await this.#ownDirectory());
		const paths = { blobs: join(root, "blobs"), records: join(root, "objects"), temporary: join(root, "tmp") };
		try {
			await mkdir(root, { recursive: true, mode: 0o700 });
			await lockDirectory(root);
		} catch (thrown) {
			throw this.#unusable(thrown);
		}
		try {
			await rm(paths.temporary, { recursive: true, force: true });
			for (const path of Object.values(paths)) await mkdir(path, { recursive: true, mode: 0o700 });
		} catch (thrown) {
			await unlockDirectory(root);
			throw this.#unusable(thrown);
		}
		return { root, paths };
	}

	#unusable(cause: unknown): SpearError {
		if (cause instanceof SpearError) return cause;
		const reason = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
		return this.lasting
			? new SpearError("invalid_request", `[media] dir: the directory cannot be used${reason}; check that the host may write there`, {
					cause,
				})
			: new SpearError("internal", "the host has no place to store media; its log has the details", { cause });
	}

	async #ownDirectory(): Promise<string> {
		const parent = tmpdir();
		for (const name of await readdir(parent)) {
			if (name.startsWith(PREFIX) && (await isAbandoned(join(parent, name))))
				await rm(join(parent, name), { recursive: true, force: true });
		}
		const root = await mkdtemp(join(parent, PREFIX));
		this.#removeAtExit = () => rmSync(root, { recursive: true, force: true });
		process.on("exit", this.#removeAtExit);
		return root;
	}
}
