/** The last part of a run: the generated tree is compared with what was emitted, and brought up to date. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnostic } from "../diagnostics/diagnostic.ts";
import { type CodegenResult, NOTHING_WRITTEN } from "../run.ts";
import type { Disk } from "./disk.ts";
import { conflictFinding, manifestFinding, wholeFile } from "./findings.ts";
import type { LockOptions } from "./lock.ts";
import { loadManifest, MANIFEST_NAME, type Manifest, type OwnedFile } from "./manifest.ts";
import { planWrite } from "./plan.ts";
import { isInterrupted, writeTree } from "./write-tree.ts";

export interface TreeUpdate {
	/** The generated tree. */
	readonly outDir: string;
	readonly files: readonly OwnedFile[];
	/** Files outside the tree that change with it: path relative to `outDir` → content. */
	readonly beside?: ReadonlyMap<string, Uint8Array>;
	/** `check` changes nothing and reports drift instead. */
	readonly mode: "write" | "check";
	/** Overwrite hand-edited generated files, keeping copies. */
	readonly force: boolean;
	/** Returns a path relative to `outDir` as people see it. */
	label(relative: string): string;
	/** Advice for a tree that is half written: what completes it. */
	readonly completedBy: string;
	/** Called when only writing is left; may throw to stop before anything is changed. */
	readonly beforeWrite?: (() => Promise<void>) | undefined;
	readonly disk?: Disk | undefined;
	readonly lock?: LockOptions | undefined;
}

/** Findings and changes of the tree. Paths are as shown to people. */
export type TreeUpdated = Pick<CodegenResult, "diagnostics" | "drift" | "written">;

export async function updateTree(update: TreeUpdate): Promise<TreeUpdated> {
	const manifest = loadManifest(update.outDir);
	if (!manifest.ok && !update.force)
		return { diagnostics: [manifestFinding(update.label(MANIFEST_NAME), manifest.message)], drift: [], written: NOTHING_WRITTEN };
	return update.mode === "check" ? compare(update) : write(update);
}

async function compare({ outDir, files, beside = new Map(), label, completedBy }: TreeUpdate): Promise<TreeUpdated> {
	const diagnostics: Diagnostic[] = [];
	if (isInterrupted(outDir)) {
		const message = `\`${label(".")}\` is half written: an earlier run was interrupted`;
		diagnostics.push(
			diagnostic("error", "write-interrupted", wholeFile(label(".")), message, { help: `${completedBy}, which completes it` }),
		);
	}
	const plan = planWrite(outDir, files, knownFiles(outDir));
	diagnostics.push(...plan.conflict.map((conflict) => conflictFinding(conflict, label)));
	// Loaded on demand: only a check shows differences.
	const { driftOf } = await import("./drift.ts");
	const drift = driftOf(plan, beside, outDir, label).map((each) => ({ ...each, path: label(each.path) }));
	return { diagnostics, drift, written: NOTHING_WRITTEN };
}

async function write({ outDir, files, beside, force, label, beforeWrite, disk, lock }: TreeUpdate): Promise<TreeUpdated> {
	await beforeWrite?.();
	const { conflicts, created, updated, deleted, kept } = await writeTree({
		root: outDir,
		files,
		manifest: () => knownFiles(outDir),
		force,
		...(beside === undefined ? {} : { beside }),
		...(disk === undefined ? {} : { disk }),
		...(lock === undefined ? {} : { lock }),
	});
	const shown = (paths: readonly string[]): string[] => paths.map(label);
	return {
		diagnostics: conflicts.map((conflict) => conflictFinding(conflict, label)),
		drift: [],
		written: { created: shown(created), updated: shown(updated), deleted: shown(deleted), kept: shown(kept) },
	};
}

/** A manifest that cannot be read was reported already, unless the user forces the run: then no file is known as ours. */
function knownFiles(outDir: string): Manifest {
	const manifest = loadManifest(outDir);
	return manifest.ok ? manifest.manifest : new Map();
}
