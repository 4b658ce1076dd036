/**
 * A run that has something to do: WIT → model → lint → ABI → comparison with the lock → emitters → writer. Faults in the user's files are
 * gathered and returned. Emitters start only if there are none, the writer only when all emitters are done.
 */
import { stat } from "node:fs/promises";
import * as path from "node:path";
import { checkCoreLock, checkLock } from "./breaking/lock-file.ts";
import { LOCK_NAME } from "./breaking/lock-name.ts";
import { generatorIdentity } from "./cache/generator.ts";
import { DiskMemo, noMemo } from "./cache/memo.ts";
import { readConfig } from "./config.ts";
import { DiagnosticCollector } from "./diagnostics/collector.ts";
import { type Diagnostic, movedDiagnostic } from "./diagnostics/diagnostic.ts";
import { InputFault } from "./diagnostics/input-fault.ts";
import type { EmitInput, Emitter } from "./emit/emitter.ts";
import { CodegenFailure } from "./failure.ts";
import { checkAbi } from "./lint/check-abi.ts";
import { checkCore } from "./lint/core/check-core.ts";
import type { CoreAbi } from "./model/core/core-abi.ts";
import { CORE_DIRECTORY } from "./model/core/core-directory.ts";
import type { Span } from "./model/model.ts";
import { type CodegenOptions, type CodegenResult, NOTHING_WRITTEN } from "./run.ts";
import { posix, shown } from "./shown-path.ts";
import { type ReadOutcome, readWit } from "./wit/read.ts";
import { isErrno, statOf } from "./write/disk.ts";
import { beginningOf } from "./write/findings.ts";
import { MANIFEST_NAME, type OwnedFile } from "./write/manifest.ts";
import { updateTree } from "./write/update-tree.ts";

export async function generate(options: CodegenOptions): Promise<CodegenResult> {
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

	const wit = await read(options.witDir, show(options.witDir));
	for (const [file, text] of wit.sources) sources.set(show(path.join(options.witDir, file)), text);
	const inWit = (span: Span): Span => ({ ...span, file: show(path.join(options.witDir, span.file)) });
	for (const each of wit.diagnostics) found.add(movedDiagnostic(each, inWit));
	const reading = await readConfig(options.configFile, show(options.configFile));
	sources.set(reading.source.path, reading.source.text);
	for (const each of reading.diagnostics) found.add(each);
	const wasi = await readWasi(options.witDir);
	for (const [file, text] of wasi?.sources ?? []) sources.set(show(path.join(options.witDir, file)), text);
	for (const each of wasi?.diagnostics ?? []) found.add(movedDiagnostic(each, inWit));
	const core = await readCore(options.witDir);
	for (const [file, text] of core?.sources ?? []) sources.set(show(path.join(options.witDir, file)), text);
	for (const each of core?.diagnostics ?? []) found.add(movedDiagnostic(each, inWit));
	if (wit.model === undefined) return stop();

	const { abi, diagnostics } = checkAbi(wit.model);
	for (const each of diagnostics) found.add(movedDiagnostic(each, inWit));
	const isExpected = statOf(path.join(options.outDir, MANIFEST_NAME)) !== undefined;
	const lockFile = path.join(options.witDir, LOCK_NAME);
	const locks = new Map([[lockFile, checkLock(wit.model, lockFile, { isExpected })]]);
	if (core?.abi !== undefined && !found.hasErrors)
		locks.set(core.lock, checkCoreLock(core.abi, core.lock, { isExpected: wasGenerated(options.outDir) }));
	for (const [file, { source, diagnostics: ofLock }] of locks) {
		if (source !== undefined) sources.set(show(file), source.text);
		if (!options.acceptBreaking) for (const each of ofLock) found.add(movedDiagnostic(each, inWit));
	}
	if (found.hasErrors || reading.config === undefined) return stop({ abi });
	const config = reading.config;

	const memo = options.cache === undefined ? noMemo : new DiskMemo(path.join(options.cache, "results"), generatorIdentity());
	const emitters = options.emitters ?? (await import("./emit/all.ts")).emitters;
	const { files, faults } = await emitAll(emitters, {
		abi,
		config,
		witFiles: wit.sources,
		memo,
		...(wasi?.model === undefined ? {} : { wasi: wasi.model }),
		...(core?.abi === undefined ? {} : { core: core.abi }),
	});
	for (const fault of faults) found.add(movedDiagnostic(fault, inWit));
	if (found.hasErrors) return stop({ abi });
	if (memo instanceof DiskMemo) memo.removeUnused();
	const beside = new Map([...locks].map(([file, { next }]) => [posix(path.relative(options.outDir, file)), Buffer.from(next)]));
	const { diagnostics: ofTree, ...tree } = await updateTree({
		outDir: options.outDir,
		files,
		beside,
		mode: options.mode,
		force: options.force ?? false,
		label: out,
		completedBy: "run `npm run codegen`",
		beforeWrite: options.beforeWrite,
		disk: options.disk,
		lock: options.lock,
	});
	for (const each of ofTree) found.add(each);
	return stop({ abi, config, files: files.length + 1, ...tree });
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

/** The WIT of the hostcalls of core modules is optional, too, and has a lint profile of its own. */
async function readCore(witDir: string): Promise<(ReadOutcome & { readonly lock: string; readonly abi?: CoreAbi }) | undefined> {
	const directory = path.join(witDir, CORE_DIRECTORY);
	if (statOf(directory)?.isDirectory() !== true) return undefined;
	const lock = path.join(directory, LOCK_NAME);
	const read = await readWit(directory, { prefix: `${CORE_DIRECTORY}/` });
	if (read.model === undefined) return { ...read, lock };
	const { abi, diagnostics } = checkCore(read.model);
	return { ...read, lock, diagnostics: [...read.diagnostics, ...diagnostics], ...(abi === undefined ? {} : { abi }) };
}

/** True if the hostcalls of core modules were generated before, so that their lock should be there. */
function wasGenerated(outDir: string): boolean {
	return statOf(path.join(outDir, "abi/core/runtime.ts")) !== undefined;
}

interface Emitted {
	readonly files: readonly OwnedFile[];
	/** Faults of the input that emitters found, in the order of the emitters. */
	readonly faults: readonly Diagnostic[];
}

async function emitAll(emitters: readonly Emitter[], input: EmitInput): Promise<Emitted> {
	const emitted = await Promise.all(
		emitters.map(async (emitter): Promise<Emitted> => {
			try {
				const files = await emitter.emit(input);
				const owned = files.map(({ path: file, content }) => ({
					path: file,
					emitter: emitter.name,
					content: typeof content === "string" ? Buffer.from(content) : content,
				}));
				return { files: owned, faults: [] };
			} catch (cause) {
				if (cause instanceof InputFault) return { files: [], faults: [cause.diagnosticAt(beginningOf(input.witFiles))] };
				throw new Error(`emitter '${emitter.name}' failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
			}
		}),
	);
	return { files: emitted.flatMap((each) => each.files), faults: emitted.flatMap((each) => each.faults) };
}
