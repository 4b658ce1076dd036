/**
 * A run for any packages: WIT → models → findings of the profile → targets → writer. A run with findings writes nothing; one that is killed
 * while files are moved in is completed by the next.
 */
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { StampInput } from "../cache/stamp.ts";
import { stampedRun } from "../cache/stamped-run.ts";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { InputFault } from "../diagnostics/input-fault.ts";
import type { Target } from "../emit/target.ts";
import { GENERAL_TARGETS } from "../emit/targets.ts";
import { CodegenFailure } from "../failure.ts";
import { lintProfiles } from "../lint/profiles.ts";
import type { Model, Span } from "../model/model.ts";
import { type CodegenResult, NOTHING_WRITTEN } from "../run.ts";
import { shown } from "../shown-path.ts";
import { beginningOf } from "../write/findings.ts";
import type { LockOptions } from "../write/lock.ts";
import { isRelativePath, type OwnedFile } from "../write/manifest.ts";
import { updateTree } from "../write/update-tree.ts";
import { recover } from "../write/write-tree.ts";
import { EXIT } from "./context.ts";
import { type PackageReading, readPackage } from "./read-package.ts";
import type { Settings } from "./settings.ts";

export interface GeneralRun {
	readonly settings: Settings;
	/** `check` changes nothing and reports drift instead. */
	readonly mode: "write" | "check";
	/** Overwrite hand-edited generated files, keeping copies. */
	readonly force: boolean;
	readonly cwd: string;
	/** Called when everything is ready and only writing is left; may throw to stop before anything is changed. */
	readonly beforeWrite?: () => Promise<void>;
	/** Directory that keeps what a later run need not do again. Absent: nothing is kept. */
	readonly cache?: string;
	readonly lock?: LockOptions;
}

interface NamedTarget {
	readonly name: string;
	readonly target: Target;
}

export async function runGeneral(run: GeneralRun): Promise<CodegenResult> {
	const { settings, cwd, cache } = run;
	if (run.mode === "write") await recover(settings.out, undefined, run.lock);
	const input: StampInput = { directories: settings.wit, settings: JSON.stringify(settings), outDir: settings.out, relativeTo: cwd };
	// Emitters of one's own may read anything, so nothing is known of what they would make.
	return stampedRun(settings.emitters.length > 0 ? undefined : cache, input, () => make(run));
}

async function make({ settings, mode, force, cwd, beforeWrite, lock }: GeneralRun): Promise<CodegenResult> {
	const diagnostics: Diagnostic[] = [];
	const sources = new Map<string, string>();
	const stop = (extra: Partial<CodegenResult> = {}): CodegenResult => ({
		diagnostics,
		sources,
		drift: [],
		written: NOTHING_WRITTEN,
		files: 0,
		...extra,
	});
	const targets = [...(await ownTargets(settings.targets)), ...(await emitterTargets(settings.emitters, cwd))];
	const files = new Map<string, OwnedFile>();
	const readings = await Promise.all(settings.wit.map((directory) => readPackage(directory, cwd)));
	for (const { diagnostics: found, sources: texts } of readings) {
		diagnostics.push(...found);
		for (const [file, text] of texts) sources.set(file, text);
	}
	requireDistinct(readings, settings, cwd);
	for (const { model, place, witFiles } of readings) {
		if (model === undefined) continue;
		if (settings.profile === "spear") diagnostics.push(...lintProfiles.spear(model).map(place));
		const base = readings.length === 1 ? "" : `${folderOf(model)}/`;
		const found: Diagnostic[] = [];
		for (const target of targets) found.push(...(await emit(target, model, base, files, beginningOf(witFiles))).map(place));
		diagnostics.push(...withoutRepetition(found));
	}
	const result = { files: files.size + 1 };
	if (hasErrors(diagnostics)) return stop(result);
	const { diagnostics: ofTree, ...tree } = await updateTree({
		outDir: settings.out,
		files: [...files.values()],
		mode,
		force,
		label: (relative) => shown(cwd, path.join(settings.out, relative)),
		completedBy: "generate again",
		beforeWrite,
		lock,
	});
	diagnostics.push(...ofTree);
	return stop({ ...result, ...tree });
}

async function ownTargets(names: readonly string[]): Promise<NamedTarget[]> {
	return Promise.all(
		[...new Set(names)].map(async (name) => {
			const target = await GENERAL_TARGETS[name]?.load();
			if (target === undefined) throw new Error(`the settings name the target \`${name}\``);
			return { name, target };
		}),
	);
}

/** @throws CodegenFailure with exit code 2 for a module that cannot be loaded, or that exports no emitter */
async function emitterTargets(modules: readonly string[], cwd: string): Promise<NamedTarget[]> {
	return Promise.all(
		modules.map(async (file) => {
			const label = shown(cwd, file);
			let loaded: { readonly default?: unknown };
			try {
				loaded = await import(pathToFileURL(file).href);
			} catch (cause) {
				const reason = cause instanceof Error ? cause.message : String(cause);
				throw new CodegenFailure(`cannot load the emitter ${label}: ${reason}`, { cause, exitCode: EXIT.usage });
			}
			const emitter = loaded.default;
			if (typeof emitter !== "function") {
				throw new CodegenFailure(`${label} has no emitter: export a function \`(model, output) => void\` as its default`, {
					exitCode: EXIT.usage,
				});
			}
			return { name: label, target: async (model, output) => void (await emitter(model, output)) };
		}),
	);
}

/**
 * Runs a target for a package. Returns what the target found in the package.
 *
 * @param whole place of a fault of the package as a whole
 */
async function emit(
	{ name, target }: NamedTarget,
	model: Model,
	base: string,
	files: Map<string, OwnedFile>,
	whole: Span,
): Promise<Diagnostic[]> {
	const found: Diagnostic[] = [];
	const write = (relative: string, content: string | Uint8Array): void => {
		if (typeof relative !== "string" || !(typeof content === "string" || content instanceof Uint8Array))
			throw new CodegenFailure(`the emitter \`${name}\` must write a path, and a text or bytes`);
		const file = base + relative;
		if (!isRelativePath(relative))
			throw new CodegenFailure(`the emitter \`${name}\` gave the path '${relative}', which is not inside the output`);
		const other = files.get(file);
		if (other !== undefined) throw new CodegenFailure(`the emitters \`${other.emitter}\` and \`${name}\` both write '${file}'`);
		files.set(file, { path: file, emitter: name, content: typeof content === "string" ? Buffer.from(content) : content });
	};
	try {
		await target(model, { write, report: (finding) => found.push(finding) });
		return found;
	} catch (cause) {
		if (cause instanceof InputFault) return [...found, cause.diagnosticAt(whole)];
		if (cause instanceof CodegenFailure || Object.hasOwn(GENERAL_TARGETS, name)) throw cause;
		const reason = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
		throw new CodegenFailure(`the emitter ${name} failed: ${reason}`, { cause });
	}
}

/** Two targets may find the same. */
function withoutRepetition(found: readonly Diagnostic[]): Diagnostic[] {
	return [...new Map(found.map((each) => [JSON.stringify(each), each])).values()];
}

/** @throws CodegenFailure with exit code 2 for two packages that would be written to one folder */
function requireDistinct(readings: readonly PackageReading[], { wit }: Settings, cwd: string): void {
	const known = new Map<string, string>();
	for (const [index, { model }] of readings.entries()) {
		if (model === undefined) continue;
		const { namespace, name } = model.main.id;
		const shownPlace = `\`${namespace}:${name}\` in ${shown(cwd, wit[index] ?? "")}`;
		const other = known.get(folderOf(model));
		if (other !== undefined) {
			throw new CodegenFailure(
				`${other} and ${shownPlace} would both be written to ${folderOf(model)}/; give each a run of its own, with an \`out\` of its own`,
				{
					exitCode: EXIT.usage,
				},
			);
		}
		known.set(folderOf(model), shownPlace);
	}
}

/** Folder of a package beside others, e.g. `wasi-http`. */
function folderOf({ main: { id } }: Model): string {
	return `${id.namespace}-${id.name}`;
}
