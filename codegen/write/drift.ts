/** The report of `--check`: differences between the disk and the generated files, as unified diffs. */
import { readFileSync } from "node:fs";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { below, statOf } from "./disk.ts";
import { sha256 } from "./hash.ts";
import type { WritePlan } from "./plan.ts";

export interface Drift {
	/** Relative to the generated tree; `../…` for files that change along with it. */
	readonly path: string;
	readonly change: "create" | "update" | "delete";
	/** Unified diff from what is on disk to what would be generated; for binary files a line that says both hashes. */
	readonly diff: string;
}

/** Longest search for a minimal diff, in ms. Beyond it the whole file is printed as replaced. */
const DIFF_PATIENCE_MS = 2_000;

/**
 * @param label how a path is written in the diff's header, e.g. `generated/ir/cchat.ts`
 */
export function driftOf(plan: WritePlan, beside: ReadonlyMap<string, Uint8Array>, root: string, label: (path: string) => string): Drift[] {
	const found: Drift[] = [];
	const add = (path: string, before: Uint8Array | undefined, after: Uint8Array | undefined): void => {
		const change = before === undefined ? "create" : after === undefined ? "delete" : "update";
		found.push({ path, change, diff: unifiedDiff(label(path), before, after) });
	};
	for (const put of [...plan.create, ...plan.update]) add(put.path, put.before, put.content);
	for (const gone of plan.delete) add(gone.path, gone.before, undefined);
	for (const conflict of plan.conflict) if (conflict.kind !== "not-a-file") add(conflict.path, conflict.before, conflict.content);
	for (const [path, content] of beside) {
		const file = below(root, path);
		const before = statOf(file)?.isFile() ? readFileSync(file) : undefined;
		if (before === undefined || Buffer.compare(before, content) !== 0) add(path, before, content);
	}
	return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Either side may be absent: the file is created or deleted. */
export function unifiedDiff(name: string, before: Uint8Array | undefined, after: Uint8Array | undefined): string {
	const from = before === undefined ? "/dev/null" : `a/${name}`;
	const to = after === undefined ? "/dev/null" : `b/${name}`;
	const [old, now] = [textOf(before), textOf(after)];
	if (old === undefined || now === undefined) {
		return `--- ${from}\n+++ ${to}\nBinary files differ: ${hashWord(before)} -> ${hashWord(after)}\n`;
	}
	const options = { context: 3, timeout: DIFF_PATIENCE_MS, headerOptions: FILE_HEADERS_ONLY };
	return (
		createTwoFilesPatch(from, to, old, now, undefined, undefined, options) ??
		`--- ${from}\n+++ ${to}\nFiles differ too much to compare: ${hashWord(before)} -> ${hashWord(after)}\n`
	);
}

function hashWord(content: Uint8Array | undefined): string {
	return content === undefined ? "none" : `sha256 ${sha256(content)} (${content.length} bytes)`;
}

/** The text of a file, empty for none; undefined when it is not UTF-8 text. */
function textOf(content: Uint8Array | undefined): string | undefined {
	if (content === undefined) return "";
	if (content.includes(0)) return undefined;
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
	} catch {
		return undefined;
	}
}
