/** Options and result of a run. */
import type { CodegenConfig } from "./config.ts";
import { type Diagnostic, hasErrors } from "./diagnostics/diagnostic.ts";
import type { Emitter } from "./emit/emitter.ts";
import type { Abi } from "./model/abi.ts";
import type { Disk } from "./write/disk.ts";
import type { Drift } from "./write/drift.ts";
import type { LockOptions } from "./write/lock.ts";
import type { TreeWritten } from "./write/write-tree.ts";

export interface CodegenOptions {
	/** Absolute paths. */
	readonly witDir: string;
	readonly outDir: string;
	readonly configFile: string;
	/** `check` changes nothing and reports drift instead. */
	readonly mode: "write" | "check";
	/** Take a change that breaks guests into the lock instead of reporting it. */
	readonly acceptBreaking?: boolean;
	/** Overwrite hand-edited generated files, keeping copies. */
	readonly force?: boolean;
	/** The directory that paths in messages are relative to. The default is the working directory. */
	readonly relativeTo?: string;
	/** Called when everything is ready and only writing is left; may throw to stop before anything is changed. */
	readonly beforeWrite?: () => Promise<void>;
	readonly emitters?: readonly Emitter[];
	/** Loads the generator faster than from its sources. Absent, or without a `cache`: the sources. */
	readonly bundle?: { load(): Promise<Generate> };
	/**
	 * Directory that keeps what a later run need not do again. Absent: nothing is kept. Not together with
	 * `emitters`: only the generator's own are part of what the cache compares.
	 */
	readonly cache?: string;
	readonly disk?: Disk;
	readonly lock?: LockOptions;
}

/** A run that has something to do. */
export type Generate = (options: CodegenOptions) => Promise<CodegenResult>;

export interface CodegenResult {
	/** In the order of file and place. Spans carry paths relative to `relativeTo`. */
	readonly diagnostics: readonly Diagnostic[];
	/** Text of the files that diagnostics point into. */
	readonly sources: ReadonlyMap<string, string>;
	/** Only in mode `check`. Paths are as shown to people. */
	readonly drift: readonly Drift[];
	readonly written: Omit<TreeWritten, "conflicts">;
	/** Number of files in the generated tree, the manifest included; 0 when generation did not get that far. */
	readonly files: number;
	/** The ABI, when the WIT is sound; absent also when there was nothing to do. */
	readonly abi?: Abi;
	readonly config?: CodegenConfig;
}

export const NOTHING_WRITTEN = { created: [], updated: [], deleted: [], kept: [] };

/** True if the run found no fault and no drift: the tree is what the WIT says. */
export function isClean({ drift, diagnostics }: CodegenResult): boolean {
	return drift.length === 0 && !hasErrors(diagnostics);
}
