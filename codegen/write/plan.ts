/** Compares what was emitted with what is on disk and decides file by file; changes nothing. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { CodegenFailure } from "../failure.ts";
import { below, statOf } from "./disk.ts";
import { sha256 } from "./hash.ts";
import { isRelativePath, MANIFEST_NAME, type Manifest, manifestOf, type OwnedFile, printManifest } from "./manifest.ts";

export interface PlannedPut {
	readonly path: string;
	readonly emitter: string;
	readonly content: Uint8Array;
	/** Content on disk; absent if there is no file. */
	readonly before?: Uint8Array;
}

export interface PlannedDelete {
	readonly path: string;
	readonly before: Uint8Array;
}

/**
 * A file the plan must not touch.
 *  - `edited`: generated, then changed by hand (or left by a merge);
 *  - `foreign`: an emitter wants a path where a file stands that codegen never wrote;
 *  - `not-a-file`: a symbolic link, a directory or something odder stands in the way.
 */
export interface Conflict {
	readonly path: string;
	readonly kind: "edited" | "foreign" | "not-a-file";
	/** Content to put there once the conflict is forced; absent when the file is no longer generated. */
	readonly content?: Uint8Array;
	readonly emitter?: string;
	/** Content on disk; absent for `not-a-file`. */
	readonly before?: Uint8Array;
	/** The obstacle, for `not-a-file`, e.g. `a symbolic link`. */
	readonly found?: string;
}

export interface WritePlan {
	readonly create: readonly PlannedPut[];
	readonly update: readonly PlannedPut[];
	readonly delete: readonly PlannedDelete[];
	readonly unchanged: readonly string[];
	readonly conflict: readonly Conflict[];
}

/** The manifest is the last of `create` or `update`, so that it never claims what is not there yet. */
export function planWrite(directory: string, files: readonly OwnedFile[], manifest: Manifest): WritePlan {
	checkPaths(files);
	const look = lookIn(directory);
	const create: PlannedPut[] = [];
	const update: PlannedPut[] = [];
	const deletes: PlannedDelete[] = [];
	const unchanged: string[] = [];
	const conflict: Conflict[] = [];

	const emitted = new Set(files.map((file) => file.path));
	for (const [gone, entry] of manifest) {
		if (emitted.has(gone)) continue;
		const there = look(gone, new Set());
		if (there.kind === "odd") conflict.push({ path: gone, kind: "not-a-file", found: there.found });
		if (there.kind !== "file") continue;
		if (sha256(there.content) === entry.sha256) deletes.push({ path: gone, before: there.content });
		else conflict.push({ path: gone, kind: "edited", before: there.content });
	}

	const leaving = new Set(deletes.map((entry) => entry.path));
	const self: OwnedFile = { path: MANIFEST_NAME, emitter: "manifest", content: Buffer.from(printManifest(manifestOf(files))) };
	for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).concat(self)) {
		const there = look(file.path, leaving);
		if (there.kind === "odd") {
			conflict.push({ ...file, kind: "not-a-file", found: there.found });
		} else if (there.kind === "nothing") {
			create.push(file);
		} else if (Buffer.compare(there.content, file.content) === 0) {
			unchanged.push(file.path);
		} else if (file === self || manifest.get(file.path)?.sha256 === sha256(there.content)) {
			update.push({ ...file, before: there.content });
		} else {
			conflict.push({ ...file, kind: manifest.has(file.path) ? "edited" : "foreign", before: there.content });
		}
	}
	conflict.sort((a, b) => (a.path < b.path ? -1 : 1));
	return { create, update, delete: deletes, unchanged, conflict };
}

/** True if the plan changes nothing. */
export function isCurrent(plan: WritePlan): boolean {
	return plan.create.length + plan.update.length + plan.delete.length + plan.conflict.length === 0;
}

type Found =
	| { readonly kind: "nothing" }
	| { readonly kind: "file"; readonly content: Uint8Array }
	| { readonly kind: "odd"; readonly found: string };

/** Returns a function that tells the state of a path of the tree once the files in `leaving` are gone. Each directory is looked at once. */
function lookIn(root: string): (relative: string, leaving: ReadonlySet<string>) => Found {
	const directories = new Map<string, ReturnType<typeof statOf>>();
	const directory = (relative: string): ReturnType<typeof statOf> => {
		if (!directories.has(relative)) directories.set(relative, statOf(relative === "" ? root : below(root, relative)));
		return directories.get(relative);
	};
	return (relative, leaving) => {
		const parts = relative.split("/");
		for (let depth = 0; depth < parts.length; depth++) {
			const parent = parts.slice(0, depth).join("/");
			const stat = directory(parent);
			if (stat === undefined || leaving.has(parent)) return { kind: "nothing" };
			if (!stat.isDirectory()) return { kind: "odd", found: `\`${parent === "" ? path.basename(root) : parent}\` is ${nameOf(stat)}` };
		}
		const file = below(root, relative);
		const stat = statOf(file);
		if (stat === undefined || leaving.has(relative)) return { kind: "nothing" };
		if (stat.isFile()) return { kind: "file", content: readFileSync(file) };
		if (stat.isDirectory() && filesIn(root, relative).every((inside) => leaving.has(inside))) return { kind: "nothing" };
		return { kind: "odd", found: `it is ${nameOf(stat)}` };
	};
}

/** All files below a directory; an empty directory counts as a file. */
function filesIn(root: string, relative: string): string[] {
	const entries = readdirSync(below(root, relative), { withFileTypes: true });
	if (entries.length === 0) return [relative];
	return entries.flatMap((entry) => (entry.isDirectory() ? filesIn(root, `${relative}/${entry.name}`) : [`${relative}/${entry.name}`]));
}

function nameOf(stat: NonNullable<ReturnType<typeof statOf>>): string {
	if (stat.isSymbolicLink()) return "a symbolic link";
	if (stat.isDirectory()) return "a directory that is not only codegen's";
	if (stat.isFile()) return "a file, not a directory";
	return "neither a file nor a directory";
}

/** Faults of the emitters themselves: paths that leave the tree, or that cannot all exist on every file system. */
function checkPaths(files: readonly OwnedFile[]): void {
	const seen = new Map<string, OwnedFile>();
	for (const file of files) {
		if (!isRelativePath(file.path))
			throw new CodegenFailure(`emitter '${file.emitter}' gave the path '${file.path}', which is not inside the generated tree`);
		const key = file.path.toLowerCase();
		const other = seen.get(key) ?? (key === MANIFEST_NAME ? { emitter: "the manifest", path: MANIFEST_NAME } : undefined);
		if (other !== undefined) {
			throw new CodegenFailure(
				`emitters '${other.emitter}' and '${file.emitter}' both write '${file.path}' (paths must differ in more than case)`,
			);
		}
		seen.set(key, file);
	}
	for (const file of files) {
		const parts = file.path.toLowerCase().split("/");
		for (let depth = 1; depth < parts.length; depth++) {
			const parent = seen.get(parts.slice(0, depth).join("/"));
			if (parent !== undefined)
				throw new CodegenFailure(`emitter '${parent.emitter}' writes the file '${parent.path}', '${file.emitter}' a file below it`);
		}
	}
}
