/**
 * The list of changes a run is about to make, on disk before the first of them is made. From the moment the journal is
 * in place the run counts as done: the next run carries out the rest, and carrying it out twice is harmless.
 */
import * as path from "node:path";
import { CodegenFailure } from "../failure.ts";
import { below, type Disk, isErrno, readBounded, statOf } from "./disk.ts";
import { hashOf } from "./hash.ts";
import { isObject, isRelativePath } from "./manifest.ts";

const JOURNAL_FORMAT = 1;

/** Room for more than 100,000 entries. */
const MAX_JOURNAL_BYTES = 64 * 1024 * 1024;

/** A step. `target` is relative to the generated tree with `/` separators; only `../…` leads out of it. */
export type JournalEntry =
	/** Moves a staged file to its place. */
	| { readonly do: "put"; readonly target: string; readonly staged: string; readonly before: string | null; readonly keep: boolean }
	| { readonly do: "delete"; readonly target: string; readonly before: string; readonly keep: boolean };

/** The directory in which a run prepares its changes, beside the generated tree and on the same file system. */
export interface Staging {
	readonly directory: string;
	readonly files: string;
	readonly journal: string;
}

export function stagingOf(root: string): Staging {
	const directory = path.join(path.dirname(root), `.${path.basename(root)}.codegen`);
	return { directory, files: path.join(directory, "staged"), journal: path.join(directory, "journal.json") };
}

/** Puts the journal in place. The rename is the moment the run becomes certain. */
export function writeJournal(disk: Disk, staging: Staging, entries: readonly JournalEntry[]): void {
	const draft = `${staging.journal}.draft`;
	disk.write(draft, Buffer.from(JSON.stringify({ formatVersion: JOURNAL_FORMAT, entries }, null, "\t")));
	disk.syncDirectory(staging.files);
	disk.rename(draft, staging.journal);
	disk.syncDirectory(staging.directory);
}

/** The journal an interrupted run left behind, if any. */
export function readJournal(staging: Staging): readonly JournalEntry[] | undefined {
	let text: string;
	try {
		text = readBounded(staging.journal, MAX_JOURNAL_BYTES);
	} catch (cause) {
		if (isErrno(cause, "ENOENT", "ENOTDIR")) return undefined;
		throw new CodegenFailure(`cannot read ${staging.journal}, which an interrupted run left: delete ${staging.directory}`, { cause });
	}
	const entries = parseJournal(text);
	if (entries === undefined) {
		throw new CodegenFailure(
			`${staging.journal} is damaged, or was left by another version of codegen; finish with that version, or delete ${staging.directory}`,
		);
	}
	return entries;
}

/**
 * Carries the entries out, in order, and waits until that has reached the medium. A target that is not as the plan saw it is never lost: it is
 * kept beside its place.
 *
 * @returns paths of the kept copies, relative to the generated tree
 * @throws CodegenFailure before the first change, if a directory of a target is a link by now
 */
export function carryOut(disk: Disk, root: string, staging: Staging, entries: readonly JournalEntry[]): string[] {
	requireDirectories(root, staging, entries);
	const kept: string[] = [];
	for (const entry of entries) {
		const target = below(root, entry.target);
		const now = hashOf(target);
		const changed = now !== undefined && now !== entry.before;
		if (entry.do === "put") {
			const staged = below(staging.files, entry.staged);
			if (statOf(staged) === undefined) continue;
			if (changed || (entry.keep && now !== undefined)) kept.push(keepAside(disk, root, entry.target));
			disk.makeDirectory(path.dirname(target));
			disk.rename(staged, target);
		} else if (now !== undefined && !changed) {
			if (entry.keep) kept.push(keepAside(disk, root, entry.target));
			else disk.remove(target);
			prune(disk, root, entry.target);
		}
	}
	for (const directory of new Set(entries.map((entry) => path.dirname(below(root, entry.target))))) {
		if (statOf(directory) !== undefined) disk.syncDirectory(directory);
	}
	return kept;
}

/**
 * Ensures that a journal which was found changes nothing but the tree and the files beside it that this run would write too.
 *
 * @param beside paths relative to the tree
 * @throws CodegenFailure for any other target
 */
export function requireOwnTargets(staging: Staging, entries: readonly JournalEntry[], beside: ReadonlySet<string>): void {
	const other = entries.find(({ target }) => !isRelativePath(target) && !beside.has(target));
	if (other === undefined) return;
	throw new CodegenFailure(
		`${staging.journal} names \`${other.target}\`, which is not a file of this output, so nothing was changed; delete ${staging.directory}`,
	);
}

/** A link in the place of a directory could lead anywhere, so nothing is written through it. */
function requireDirectories(root: string, staging: Staging, entries: readonly JournalEntry[]): void {
	const directories = new Set([root]);
	for (const { target } of entries) {
		if (!isRelativePath(target)) continue;
		for (let parent = path.posix.dirname(target); parent !== "."; parent = path.posix.dirname(parent)) directories.add(below(root, parent));
	}
	for (const directory of directories) {
		if (statOf(directory)?.isSymbolicLink() !== true) continue;
		throw new CodegenFailure(`${directory} is a symbolic link, so nothing was changed; remove it, or delete ${staging.directory}`);
	}
}

/** Moves a file to `<file>.edited`, or the first `<file>.edited.2`, `.3`… that is free. */
function keepAside(disk: Disk, root: string, target: string): string {
	for (let count = 1; ; count++) {
		const copy = count === 1 ? `${target}.edited` : `${target}.edited.${count}`;
		if (statOf(below(root, copy)) !== undefined) continue;
		disk.rename(below(root, target), below(root, copy));
		return copy;
	}
}

/** Removes the directories a deleted file leaves empty, never the root. */
function prune(disk: Disk, root: string, target: string): void {
	for (let parent = path.posix.dirname(target); parent !== "." && !parent.startsWith(".."); parent = path.posix.dirname(parent)) {
		if (!disk.removeIfEmpty(below(root, parent))) return;
	}
}

function parseJournal(text: string): readonly JournalEntry[] | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isJournal(value) ? value.entries : undefined;
	} catch {
		return undefined;
	}
}

function isJournal(value: unknown): value is { entries: JournalEntry[] } {
	return isObject(value) && value.formatVersion === JOURNAL_FORMAT && Array.isArray(value.entries) && value.entries.every(isEntry);
}

function isEntry(value: unknown): boolean {
	if (!isObject(value) || typeof value.target !== "string" || typeof value.keep !== "boolean") return false;
	const isKnown = typeof value.before === "string";
	if (value.do === "delete") return isKnown;
	return value.do === "put" && (isKnown || value.before === null) && /^\d+$/.test(String(value.staged));
}
