import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFolder } from "../abi/component/files/write-folder.ts";
import { prepareComponent } from "../abi/component/prepare.ts";
import { preparedFiles } from "../abi/component/prepared/prepared-files.ts";
import type { Importer } from "../abi/component/toolchain.ts";
import { MAX_SOURCE_MAP_BYTES, withSourceMap } from "../abi/debug/source-map/section.ts";
import { throwIfAborted } from "../async/throw-if-aborted.ts";
import { SpearError } from "../errors/spear-error.ts";
import { isFile } from "../paths/is-file.ts";
import { makeFolder } from "../paths/make-folder.ts";
import { bundleGuest } from "./bundle.ts";
import { checkBundle } from "./check-bundle.ts";
import { componentize, ENGINES, type Engine } from "./componentize.ts";
import { withWorld } from "./random-world.ts";
import { wrongRun } from "./run-export.ts";
import { checkTypes } from "./type-check.ts";
import { readWorlds } from "./wit-worlds.ts";
import { isReplaceable, notWritable, writeAtomically } from "./write-output.ts";

export interface BuildOptions {
	/** Path of the guest's TypeScript or JavaScript file, which exports `run`. */
	readonly entry: string;
	/** Path of the component, ending in `.wasm`. The prepared agent is written beside it, ending in `.spear`. */
	readonly out: string;
	/** The default is `quickjs`. */
	readonly engine?: Engine;
	/** World that the guest targets. The default is `agent`. A narrow world imports only its own family. */
	readonly world?: string;
	/** Folder `guest/wit` that codegen wrote, with `worlds.json`. The default is that of this release. */
	readonly witDirectory?: string;
	/** Cancels the build before its next step. */
	readonly signal?: AbortSignal;
	/** Called when a step starts. */
	readonly onProgress?: (step: BuildStep) => void;
	/**
	 * Adds the source map of the guest to the component, so that its errors show lines of its sources. The map holds names of files, and no
	 * source text. The default is true.
	 */
	readonly sourceMap?: boolean;
	/** Shortens the code of the guest. The default is false. */
	readonly minify?: boolean;
	/** Checks the types of the guest with the TypeScript of its project, before the first step. The default is false. */
	readonly check?: boolean;
	/** Imports the optional packages. Tests replace it. */
	readonly importer?: Importer;
}

export type BuildStep = "check" | "bundle" | "componentize" | "prepare" | "write";

export interface BuildResult {
	/** Path of the component. */
	readonly component: string;
	/** Path of the directory of the prepared agent. */
	readonly prepared: string;
	readonly engine: Engine;
	readonly world: string;
	/** Interfaces that the guest's code imports, with version. */
	readonly interfaces: readonly string[];
	/** Files that the guest was made of, by absolute path, without those of the guest library. */
	readonly files: readonly string[];
	/** Places of the sources that will fail when they run, with the source line. */
	readonly warnings: readonly string[];
	/** Sizes, in bytes. */
	readonly bytes: { readonly bundle: number; readonly sourceMap: number; readonly component: number; readonly prepared: number };
	/** Time of each step, in milliseconds. */
	readonly ms: Readonly<Record<BuildStep, number>>;
}

/** The WIT folder of this release, in the form that a guest's build uses. */
export const GUEST_WIT = fileURLToPath(new URL("../../generated/guest/wit", import.meta.url));

/**
 * Builds a guest: bundles its TypeScript, combines the bundle and an engine into a component, and prepares the component for hosts
 * without a toolchain. Each output is written completely or not at all.
 *
 * @throws SpearError `invalid_request` for faults of the guest or the options, with the place and the remedy; `cancelled` when `signal` is
 * aborted.
 */
export async function buildGuest(options: BuildOptions): Promise<BuildResult> {
	const entry = resolve(options.entry);
	const out = resolve(options.out);
	const engine = options.engine ?? "quickjs";
	const world = options.world ?? "agent";
	if (!out.endsWith(".wasm")) throw invalid(`the output ${options.out} must end in .wasm`);
	if (!ENGINES.includes(engine)) throw invalid(`there is no engine \`${engine}\`; choose ${ENGINES.join(" or ")}`);
	if (!(await isFile(entry))) throw invalid(`${options.entry} does not exist; pass the TypeScript or JavaScript file that exports \`run\``);
	const witDirectory = resolve(options.witDirectory ?? GUEST_WIT);
	const wit = await readWorlds(witDirectory);
	if (!wit.worlds.has(world)) throw invalid(`there is no world \`${world}\`; choose one of ${[...wit.worlds.keys()].join(", ")}`);

	const directory = `${out.slice(0, -".wasm".length)}.spear`;
	if (!(await isReplaceable(directory)))
		throw invalid(`${directory} exists and was not written by \`spear build\`; move it, or choose another output`);

	const ms = { check: 0, bundle: 0, componentize: 0, prepare: 0, write: 0 };
	const step = async <T>(name: BuildStep, work: () => Promise<T>): Promise<T> => {
		throwIfAborted(options.signal, `building ${options.entry}`);
		options.onProgress?.(name);
		const start = performance.now();
		try {
			return await work();
		} finally {
			ms[name] = performance.now() - start;
		}
	};
	if (options.check) await step("check", () => checkTypes(entry, options.signal));
	const withPlatform = options.witDirectory === undefined;
	const bundle = await step("bundle", () =>
		bundleGuest(entry, { wit, engine, withPlatform, minify: options.minify ?? false, importer: options.importer }),
	);
	checkBundle(bundle, { entry: options.entry, world, wit, allowOtherPackages: options.witDirectory !== undefined });
	const script = await step("componentize", () =>
		withWorld({ directory: witDirectory, world, withRandom: bundle.usesRandom }, (target) =>
			componentize({ code: bundle.code, sourceMap: bundle.sourceMap, engine, ...target, importer: options.importer }),
		),
	).catch((thrown: unknown) => {
		throw (thrown instanceof SpearError ? wrongRun(options.entry, thrown.message) : undefined) ?? thrown;
	});
	const isMapped = options.sourceMap !== false && Buffer.byteLength(bundle.sourceMap) <= MAX_SOURCE_MAP_BYTES;
	const component = isMapped ? withSourceMap(script, bundle.sourceMap) : script;
	const files = await step("prepare", async () =>
		preparedFiles(prepareComponent(component, basename(directory)), { component, engine, world }),
	);
	await step("write", async () => {
		await makeFolder(dirname(out)).catch(notWritable(dirname(out)));
		await writeAtomically(out, component).catch(notWritable(out));
		await writeFolder(directory, files).catch(notWritable(directory));
	});
	return {
		component: out,
		prepared: directory,
		engine,
		world,
		interfaces: bundle.interfaces,
		files: bundle.files,
		warnings: bundle.warnings,
		bytes: {
			bundle: Buffer.byteLength(bundle.code),
			sourceMap: isMapped ? Buffer.byteLength(bundle.sourceMap) : 0,
			component: component.length,
			prepared: [...files.values()].reduce((sum, file) => sum + Buffer.byteLength(file), 0),
		},
		ms,
	};
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
