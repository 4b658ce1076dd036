/**
 * Brings the generated tree to what was emitted. A run that fails changes nothing; one that is killed while files are moved in is completed
 * by the next, and found by `--check`.
 *
 * Everything new is first written to a staging directory beside the tree; then a journal of the changes is put in place
 * with one rename; then the files are moved. A run that dies before that rename has changed nothing, one that dies after
 * it is completed by the next run. Nothing is ever overwritten that was not written by codegen itself.
 */
import * as path from "node:path";
import { CodegenFailure } from "../failure.ts";
import { below, Disk, statOf } from "./disk.ts";
import { hashOf, sha256 } from "./hash.ts";
import { carryOut, type JournalEntry, readJournal, requireOwnTargets, type Staging, stagingOf, writeJournal } from "./journal.ts";
import { type LockOptions, takeLock } from "./lock.ts";
import type { Manifest, OwnedFile } from "./manifest.ts";
import { type Conflict, isCurrent, planWrite, type WritePlan } from "./plan.ts";

export interface TreeWrite {
	/** The generated tree. Created when missing. */
	readonly root: string;
	readonly files: readonly OwnedFile[];
	/** Reads what the last run wrote; called under the lock. */
	readonly manifest: () => Manifest;
	/** Files outside the tree that change with it, such as the ABI lock: path relative to `root` → content. */
	readonly beside?: ReadonlyMap<string, Uint8Array>;
	/** Overwrite what was edited by hand; the edited copies are kept as `<file>.edited`. */
	readonly force?: boolean;
	readonly disk?: Disk;
	readonly lock?: LockOptions;
}

export interface TreeWritten {
	/** Paths relative to the tree, `../…` for files beside it. */
	readonly created: readonly string[];
	readonly updated: readonly string[];
	readonly deleted: readonly string[];
	/** Copies of hand-edited files that were saved. */
	readonly kept: readonly string[];
	/** Conflicts of the plan. If there is one, nothing was written. */
	readonly conflicts: readonly Conflict[];
}

const NOTHING_WRITTEN: TreeWritten = { created: [], updated: [], deleted: [], kept: [], conflicts: [] };

export async function writeTree(write: TreeWrite): Promise<TreeWritten> {
	if (isDone(write)) return NOTHING_WRITTEN;
	const disk = write.disk ?? new Disk();
	const staging = stagingOf(write.root);
	requireOwnStaging(staging);
	const release = await takeLock(disk, staging.directory, write.lock);
	return finishing(disk, staging, release, () => {
		completePending(disk, write.root, staging, write.beside?.keys());
		const plan = planWrite(write.root, write.files, write.manifest());
		const conflicts = plan.conflict.filter((conflict) => !write.force || conflict.kind === "not-a-file");
		if (conflicts.length > 0) return { ...NOTHING_WRITTEN, conflicts };
		return commit(write, plan, disk, staging);
	});
}

/**
 * Completes what an interrupted run began, and clears away what it left behind.
 *
 * @param beside files outside of the tree that a run writes too, relative to it
 * @returns what it completed: the number of journal entries, 0 when there was nothing to complete
 */
export async function recover(
	root: string,
	disk: Disk = new Disk(),
	lock: LockOptions = {},
	beside: readonly string[] = [],
): Promise<number> {
	const staging = stagingOf(root);
	if (statOf(staging.directory) === undefined) return 0;
	requireOwnStaging(staging);
	const release = await takeLock(disk, staging.directory, lock);
	return finishing(disk, staging, release, () => completePending(disk, root, staging, beside));
}

function completePending(disk: Disk, root: string, staging: Staging, beside: Iterable<string> = []): number {
	const entries = readJournal(staging) ?? [];
	requireOwnTargets(staging, entries, new Set(beside));
	carryOut(disk, root, staging, entries);
	disk.remove(staging.journal);
	return entries.length;
}

function requireOwnStaging({ directory }: Staging): void {
	if (statOf(directory)?.isDirectory() === false)
		throw new CodegenFailure(`${directory} is not a directory of codegen's own, so nothing was changed; move it away`);
}

/** True if an interrupted run left changes that are not carried out yet. */
export function isInterrupted(root: string): boolean {
	return readJournal(stagingOf(root)) !== undefined;
}

/**
 * Runs `work` and clears away what it staged, unless it failed with the journal in place: then the journal and what it
 * names stay for the next run to complete.
 */
function finishing<T>(disk: Disk, staging: Staging, release: () => void, work: () => T): T {
	let result: T;
	try {
		result = work();
	} catch (cause) {
		if (statOf(staging.journal) === undefined) clean(disk, staging, release);
		else release();
		throw cause;
	}
	clean(disk, staging, release);
	return result;
}

/** Few files are beside the tree: the tree itself is not read if one of them differs. */
function isDone(write: TreeWrite): boolean {
	return changedBeside(write).length === 0 && isCurrent(planWrite(write.root, write.files, write.manifest()));
}

function changedBeside(write: TreeWrite): [path: string, content: Uint8Array][] {
	return [...(write.beside ?? [])].filter(([target, content]) => hashOf(below(write.root, target)) !== sha256(content));
}

/** Carries out all changes synchronously: no signal handler of the process runs between the first change and the last. */
function commit(write: TreeWrite, plan: WritePlan, disk: Disk, staging: Staging): TreeWritten {
	const entries: JournalEntry[] = [];
	const beside = changedBeside(write).map(([target, content]) => ({ target, content, before: hashOf(below(write.root, target)) }));
	const forced = plan.conflict.filter((conflict) => conflict.before !== undefined);
	for (const gone of plan.delete) entries.push({ do: "delete", target: gone.path, before: sha256(gone.before), keep: false });
	for (const gone of forced) {
		if (gone.content === undefined) entries.push({ do: "delete", target: gone.path, before: hashOrNull(gone.before) ?? "", keep: true });
	}
	const stage = (target: string, content: Uint8Array, before: string | null, keep: boolean): void => {
		const staged = String(entries.length);
		disk.write(path.join(staging.files, staged), content);
		entries.push({ do: "put", target, staged, before, keep });
	};
	try {
		disk.removeTree(staging.files);
		disk.makeDirectory(staging.files);
		for (const put of forced) if (put.content !== undefined) stage(put.path, put.content, hashOrNull(put.before), true);
		for (const put of plan.create) stage(put.path, put.content, null, false);
		for (const put of plan.update) stage(put.path, put.content, hashOrNull(put.before), false);
		for (const { target, content, before } of beside) {
			requireSameDevice(staging, path.dirname(below(write.root, target)));
			stage(target, content, before ?? null, false);
		}
		requireSameDevice(staging, write.root);
		writeJournal(disk, staging, entries);
	} catch (cause) {
		throw asFailure(cause, `cannot write ${write.root}`, "nothing was changed");
	}
	let kept: string[];
	try {
		kept = carryOut(disk, write.root, staging, entries);
	} catch (cause) {
		throw asFailure(cause, `cannot finish writing ${write.root}`, "mend that and run again: the next run completes it");
	}
	const pathOf = (put: { readonly path: string }): string => put.path;
	const besideNew = beside.filter((each) => each.before === undefined).map((each) => each.target);
	const besideOld = beside.filter((each) => each.before !== undefined).map((each) => each.target);
	const overwritten = forced.filter((conflict) => conflict.content !== undefined).map(pathOf);
	const dropped = forced.filter((conflict) => conflict.content === undefined).map(pathOf);
	return {
		created: [...plan.create.map(pathOf), ...besideNew].sort(byCodeUnits),
		updated: [...plan.update.map(pathOf), ...overwritten, ...besideOld].sort(byCodeUnits),
		deleted: [...plan.delete.map(pathOf), ...dropped].sort(byCodeUnits),
		kept: kept.sort(byCodeUnits),
		conflicts: [],
	};
}

/** An error of the operating system is the user's to mend; anything else is ours and passes unchanged. */
function asFailure(cause: unknown, what: string, after: string): unknown {
	if (cause instanceof CodegenFailure || !(cause instanceof Error && "syscall" in cause)) return cause;
	return new CodegenFailure(`${what}: ${cause.message}; ${after}`, { cause });
}

/** A move between file systems is a copy that can be interrupted half way. */
function requireSameDevice(staging: Staging, directory: string): void {
	const there = statOf(directory) ?? statOf(path.dirname(directory));
	if (statOf(staging.directory)?.dev !== there?.dev) {
		throw new CodegenFailure(
			`${directory} is on another file system than ${staging.directory}, so it cannot be replaced in one step; nothing was changed`,
		);
	}
}

/** The journal goes first: once it is gone, what else is left behind means nothing. */
function clean(disk: Disk, staging: Staging, release: () => void): void {
	disk.remove(staging.journal);
	disk.remove(`${staging.journal}.draft`);
	disk.removeTree(staging.files);
	release();
	disk.removeIfEmpty(staging.directory);
}

function hashOrNull(content: Uint8Array | undefined): string | null {
	return content === undefined ? null : sha256(content);
}

function byCodeUnits(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
