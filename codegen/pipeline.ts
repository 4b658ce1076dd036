/**
 * A run of code generation: WIT → model → lint → ABI → comparison with the lock → emitters → writer. Faults in the user's files are
 * gathered and returned. Emitters start only if there are none, the writer only when all emitters are done.
 */
import { stat } from "node:fs/promises";
import * as path from "node:path";
import { checkLock, LOCK_NAME } from "./breaking/lock-file.ts";
import type { CodegenConfig } from "./config.ts";
import { readConfig } from "./config.ts";
import { DiagnosticCollector } from "./diagnostics/collector.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { emitters as allEmitters } from "./emit/all.ts";
import type { EmitInput, Emitter } from "./emit/emitter.ts";
import { CodegenFailure } from "./failure.ts";
import { checkAbi } from "./lint/check-abi.ts";
import type { Abi } from "./model/abi.ts";
import type { Span } from "./model/model.ts";
import { type ReadOutcome, readWit } from "./wit/read.ts";
import { type Disk, isErrno, statOf } from "./write/disk.ts";
import { type Drift, driftOf } from "./write/drift.ts";
import { conflictFinding, manifestFinding, wholeFile } from "./write/findings.ts";
import type { LockOptions } from "./write/lock.ts";
import { loadManifest, MANIFEST_NAME, type Manifest, type OwnedFile } from "./write/manifest.ts";
import { planWrite } from "./write/plan.ts";
import { isInterrupted, recover, type TreeWritten, writeTree } from "./write/write-tree.ts";

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
	readonly beforeWrite?: () => void;
	readonly emitters?: readonly Emitter[];
	readonly disk?: Disk;
	readonly lock?: LockOptions;
}

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
	/** The ABI, when the WIT is sound. */
	readonly abi?: Abi;
	readonly config?: CodegenConfig;
}

const NOTHING_WRITTEN = { created: [], updated: [], deleted: [], kept: [] };

export async function runCodegen(options: CodegenOptions): Promise<CodegenResult> {
	const show = (file: string): string => shown(options.relativeTo ?? process.cwd(), file);
	const out = (relative: string): string => show(path.join(options.outDir, relative));
	const found = new DiagnosticCollector();
	const sources = new Map<string, string>();
	const stop = (extra: Partial<CodegenResult> = {}): CodegenResult => ({
		diagnostics: found.list(),
		sources,
		drift: [],
		written: NOTHING_WRITTEN,
		files: 0,
		...extra,
	});

	requireTree(options.outDir, out("."));
	if (options.mode === "write") await recover(options.outDir, options.disk, options.lock);
	const wit = await read(options.witDir, show(options.witDir));
	for (const [file, text] of wit.sources) sources.set(show(path.join(options.witDir, file)), text);
	const inWit = (span: Span): Span => ({ ...span, file: show(path.join(options.witDir, span.file)) });
	for (const each of wit.diagnostics) found.add(moved(each, inWit));
	const reading = await readConfig(options.configFile, show(options.configFile));
	sources.set(reading.source.path, reading.source.text);
	for (const each of reading.diagnostics) found.add(each);
	const wasi = await readWasi(options.witDir);
	for (const [file, text] of wasi?.sources ?? []) sources.set(show(path.join(options.witDir, file)), text);
	for (const each of wasi?.diagnostics ?? []) found.add(moved(each, inWit));
	if (wit.model === undefined) return stop();

	const { abi, diagnostics } = checkAbi(wit.model);
	for (const each of diagnostics) found.add(moved(each, inWit));
	const lock = checkLock(abi, path.join(options.witDir, LOCK_NAME));
	if (lock.source !== undefined) sources.set(show(path.join(options.witDir, LOCK_NAME)), lock.source.text);
	if (!options.acceptBreaking) for (const each of lock.diagnostics) found.add(moved(each, inWit));
	if (found.hasErrors || reading.config === undefined) return stop({ abi });
	const config = reading.config;

	const files = await emitAll(options.emitters ?? allEmitters, {
		abi,
		config,
		witFiles: wit.sources,
		witDir: options.witDir,
		...(wasi?.model === undefined ? {} : { wasi: wasi.model }),
	});
	const beside = new Map([[posix(path.relative(options.outDir, path.join(options.witDir, LOCK_NAME))), Buffer.from(lock.next)]]);
	const done = { abi, config, files: files.length + 1 };
	const manifest = loadManifest(options.outDir);
	if (!manifest.ok && !options.force) {
		found.add(manifestFinding(out(MANIFEST_NAME), manifest.message));
		return stop(done);
	}

	if (options.mode === "check") {
		if (isInterrupted(options.outDir)) {
			found.error("write-interrupted", wholeFile(out(".")), `\`${out(".")}\` is half written: an earlier run was interrupted`, {
				help: "run `npm run codegen`, which completes it",
			});
		}
		const plan = planWrite(options.outDir, files, knownFiles(options.outDir));
		for (const conflict of plan.conflict) found.add(conflictFinding(conflict, out));
		const drift = driftOf(plan, beside, options.outDir, out).map((each) => ({ ...each, path: out(each.path) }));
		return stop({ ...done, drift });
	}

	options.beforeWrite?.();
	const { conflicts, ...written } = await writeTree({
		root: options.outDir,
		files,
		manifest: () => knownFiles(options.outDir),
		beside,
		force: options.force ?? false,
		...(options.disk === undefined ? {} : { disk: options.disk }),
		...(options.lock === undefined ? {} : { lock: options.lock }),
	});
	for (const conflict of conflicts) found.add(conflictFinding(conflict, out));
	const relabel = (paths: readonly string[]): string[] => paths.map(out);
	return stop({
		...done,
		written: {
			created: relabel(written.created),
			updated: relabel(written.updated),
			deleted: relabel(written.deleted),
			kept: relabel(written.kept),
		},
	});
}

/** A fault of the file system here is the command line's: the directory that was named cannot be read. */
async function read(witDir: string, label: string): Promise<ReadOutcome> {
	try {
		if (!(await stat(witDir)).isDirectory())
			throw new CodegenFailure(`${label} is not a directory; --wit takes the directory of a WIT package`, { exitCode: 2 });
		return await readWit(witDir);
	} catch (cause) {
		if (!isErrno(cause, "ENOENT", "EACCES", "ENOTDIR", "EISDIR", "ELOOP")) throw cause;
		throw new CodegenFailure(`cannot read WIT from ${label}: ${cause.message}`, { cause, exitCode: 2 });
	}
}

/** The WIT of WASI is optional. Neither the lint profile nor the lock covers the functions of WASI, which are not Spear's own. */
async function readWasi(witDir: string): Promise<ReadOutcome | undefined> {
	const directory = path.join(witDir, "wasi");
	return statOf(directory)?.isDirectory() === true ? await readWit(directory, { prefix: "wasi/" }) : undefined;
}

/** A linked or odd output directory could lead anywhere, so nothing is written through it. */
function requireTree(outDir: string, label: string): void {
	const there = statOf(outDir);
	if (there !== undefined && !there.isDirectory()) {
		throw new CodegenFailure(
			`${label} is ${there.isSymbolicLink() ? "a symbolic link" : "not a directory"}; --out takes a directory of codegen's own`,
			{ exitCode: 2 },
		);
	}
}

async function emitAll(emitters: readonly Emitter[], input: EmitInput): Promise<OwnedFile[]> {
	const emitted = await Promise.all(
		emitters.map(async (emitter): Promise<OwnedFile[]> => {
			try {
				const files = await emitter.emit(input);
				return files.map(({ path: file, content }) => ({
					path: file,
					emitter: emitter.name,
					content: typeof content === "string" ? Buffer.from(content) : content,
				}));
			} catch (cause) {
				throw new Error(`emitter '${emitter.name}' failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
			}
		}),
	);
	return emitted.flat();
}

/** A manifest that cannot be read was reported already, unless the user forces the run: then no file is known as ours. */
function knownFiles(outDir: string): Manifest {
	const manifest = loadManifest(outDir);
	return manifest.ok ? manifest.manifest : new Map();
}

function moved(each: Diagnostic, move: (span: Span) => Span): Diagnostic {
	return {
		...each,
		span: move(each.span),
		...(each.related === undefined ? {} : { related: each.related.map((place) => ({ ...place, span: move(place.span) })) }),
	};
}

/** A path as people see it: relative to where they are, unless that would lead far up. */
function shown(base: string, file: string): string {
	const relative = posix(path.relative(base, file));
	return relative.startsWith("../../") ? posix(file) : relative === "" ? "." : relative;
}

function posix(file: string): string {
	return file.split(path.sep).join("/");
}
