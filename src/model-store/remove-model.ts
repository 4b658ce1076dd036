import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isAbsent } from "../errors/is-absent.ts";
import { SpearError } from "../errors/spear-error.ts";
import { makeFolder } from "../paths/make-folder.ts";
import type { ModelStore } from "./model-store.ts";
import { diskFault } from "./pull/disk-fault.ts";
import { acquireLock } from "./pull/lock.ts";
import { removeLeftovers, workOf } from "./pull/work-folder.ts";

/**
 * Removes a model, and the packages of an interrupted pull. Returns false if there was nothing.
 *
 * @throws SpearError `backend_error` for a folder that cannot be removed.
 */
export async function removeModel(store: ModelStore, name: string, signal?: AbortSignal): Promise<boolean> {
	const work = workOf(store.directory, name);
	try {
		if (!(await exists(store.folderOf(name))) && !(await exists(work.folder))) return false;
		const lock = await acquireLock(work.lock, () => {}, signal);
		try {
			await makeFolder(work.unfinished);
			// A rename is one step: a reader sees the whole model, or none.
			const there = await rename(store.folderOf(name), join(work.unfinished, "old")).then(
				() => true,
				(thrown: unknown) => (isAbsent(thrown) ? false : Promise.reject(thrown)),
			);
			await rm(work.packages, { recursive: true, force: true });
			await removeLeftovers(work);
			return there;
		} finally {
			await lock.release();
		}
	} catch (thrown) {
		throw thrown instanceof SpearError ? thrown : diskFault(thrown, store.directory, store.model(name));
	}
}

function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		(thrown: unknown) => !isAbsent(thrown),
	);
}
