/**
 * The list of changes a run is about to make, on disk before the first of them is made. From the moment the journal is
 * in place the run counts as done: the next run carries out the rest, and carrying it out twice is harmless.
 */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { CodegenFailure } from "../failure.ts";
import { below, type Disk, isErrno, statOf } from "./disk.ts";
import { hashOf } from "./hash.ts";

const JOURNAL_FORMAT = 1;

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
		text = readFileSync(staging.journal, "utf8");
	} catch (cause) {
		if (isErrno(cause, "ENOENT", "ENOTDIR")) return undefined;
		throw cause;
	}
	const entries = parseJournal(text);
	if (entries === undefined) {
		throw new CodegenFailure(
			`${staging.journal} was left by another version of codegen; finish with that version, or delete ${staging.directory}`,
		);
	}
	return entries;
}

/**
 * Carries the entries out, in order, and waits until that has reached the medium. A target that is not as the plan saw it is never lost: it is kept beside its place.
 *
 * @returns paths of the kept copies, relative to the generated tree
 */
export function carryOut(disk: Disk, root: string, staging: Staging, entries: readonly JournalEntry[]): string[] {
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

/** The format's number vouches for the entries: the file is written whole or not at all. */
function isJournal(value: unknown): value is { entries: JournalEntry[] } {
	return (
		typeof value === "object" &&
		value !== null &&
		"formatVersion" in value &&
		value.formatVersion === JOURNAL_FORMAT &&
		"entries" in value &&
		Array.isArray(value.entries)
	);
}
