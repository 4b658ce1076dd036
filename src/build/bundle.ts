import { basename, join } from "node:path";
import { type Importer, importTool, type Tool } from "../abi/component/toolchain.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { Engine } from "./componentize.ts";
import { type BuildResult, type Esbuild, isBuildFailure, isEsbuild, type PluginBuild, type SourceMessage } from "./esbuild.ts";
import { freeNames } from "./free-names.ts";
import { addGuestLibrary, GUEST_LIBRARY_NAMESPACE, MADE_NAMESPACE } from "./guest-library.ts";
import { nodeModuleAdvice } from "./node-modules.ts";
import { accessedGlobals, addedGlobals, PLATFORM, RANDOM_INTERFACE } from "./platform.ts";
import { projectRoot } from "./project-root.ts";
import { missingRun } from "./run-export.ts";
import { explainFault, LOADERS } from "./source-faults.ts";
import { shownSource } from "./source-paths.ts";
import type { WitWorlds } from "./wit-worlds.ts";

/** The package that bundles a guest's TypeScript into one module. */
export const BUNDLER: Tool = {
	package: "esbuild",
	version: "0.28.2",
	purpose: "Building a guest",
	alternative: "Guests built elsewhere load without it.",
};

export interface Bundle {
	/** Text of one ECMAScript module. */
	readonly code: string;
	/** Names that the module exports. */
	readonly exports: readonly string[];
	/** WIT interfaces that the guest's own code and the guest library import, with version, e.g. `spear:ai/cchat@0.1.0`. */
	readonly interfaces: readonly string[];
	/** True if the platform draws random numbers, for which the component imports an interface of WASI. */
	readonly usesRandom: boolean;
	/** Source map of `code`, as JSON (version 3). Holds positions and relative paths, no source text. */
	readonly sourceMap: string;
	/** Places that will fail when they run, such as a call of a name that a package does not export. With the source line. */
	readonly warnings: readonly string[];
	/** Files that the bundle was made of, by absolute path. Without those of the guest library. */
	readonly files: readonly string[];
}

export interface BundleOptions {
	readonly wit: WitWorlds;
	readonly engine: Engine;
	/** Adds the web platform, and an entry point that handles promises and errors. */
	readonly withPlatform: boolean;
	/** Shortens the code. The default is false. */
	readonly minify?: boolean;
	/** Form of the code: a module, or the body of a CommonJS function. The default is `esm`. */
	readonly format?: "esm" | "cjs";
	readonly importer?: Importer | undefined;
}

/**
 * Bundles a guest into one ECMAScript module that imports only WIT interfaces. Types are removed, not checked. No tsconfig.json is read, so
 * that the result depends on the sources alone. Paths in it are relative to the project (see `projectRoot`).
 *
 * @throws SpearError `invalid_request` with the place and the source line of each error.
 */
export async function bundleGuest(entry: string, options: BundleOptions): Promise<Bundle> {
	const esbuild = await importTool(BUNDLER, options.importer);
	if (!isEsbuild(esbuild)) throw new SpearError("internal", `esbuild has no function build; install version ${BUNDLER.version}`);
	const root = await projectRoot(entry);
	if (!options.withPlatform) return runBundler(esbuild, entry, root, options, new Set());
	const first = await runBundler(esbuild, entry, root, { ...options, minify: false }, new Set());
	const installed = accessedGlobals(first.code, options.engine);
	for (const name of await freeNames(esbuild, first.code, addedGlobals(options.engine))) installed.add(name);
	return installed.size === 0 && !options.minify ? first : runBundler(esbuild, entry, root, options, installed);
}

async function runBundler(
	esbuild: Esbuild,
	entry: string,
	root: string,
	{ wit, engine, withPlatform, minify = false, format = "esm" }: BundleOptions,
	installed: ReadonlySet<string>,
): Promise<Bundle> {
	let result: BuildResult;
	try {
		result = await esbuild.build({
			entryPoints: [withPlatform ? `${PLATFORM}main` : entry],
			absWorkingDir: root,
			// Written nowhere. Sources in the map are relative to its folder.
			outfile: join(root, "guest.js"),
			allowOverwrite: true,
			bundle: true,
			sourcemap: "external",
			sourcesContent: false,
			write: false,
			metafile: true,
			format,
			platform: "neutral",
			mainFields: ["browser", "module", "main"],
			conditions: ["import", "module", "worker", "browser"],
			target: "es2023",
			// QuickJS would run the reactions of its own promises never. Those of the platform serve lowered functions.
			supported: engine === "quickjs" ? { "async-await": false, "async-generator": false, "for-await": false } : {},
			define: { "process.env.NODE_ENV": '"production"' },
			minify,
			// The names of functions in stacks.
			keepNames: minify,
			// QuickJS counts columns in bytes, and source maps count them in UTF-16 units. In ASCII both are the same.
			charset: "ascii",
			legalComments: "none",
			logLevel: "silent",
			loader: LOADERS,
			tsconfigRaw: {},
			plugins: [resolvePlugin(entry, engine, wit, installed)],
		});
	} catch (cause) {
		if (!isBuildFailure(cause)) throw cause;
		const name = basename(entry);
		if (withPlatform && cause.errors.some(isMissingRun)) throw missingRun(entry, cause);
		const faults = cause.errors.map((fault) => explainFault(fault, name));
		const frames = await esbuild.formatMessages(faults, { kind: "error", color: false, terminalWidth: 120 });
		throw new SpearError("invalid_request", `${name} cannot be built:\n${frames.join("").trim()}`, { cause });
	}
	const output = Object.entries(result.metafile.outputs).find(([path]) => path.endsWith(".js"))?.[1];
	const textOf = (ending: string): string => result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
	const imported = new Set((output?.imports ?? []).filter(({ external }) => external === true).map(({ path }) => path));
	const ofPlatform = /^spear-hostcall:guest\/(?:platform\/|outcome\.)/;
	const own = Object.entries(result.metafile.inputs).flatMap(([path, { imports }]) =>
		ofPlatform.test(path) ? [] : imports.map((each) => each.path),
	);
	const crashing = result.warnings.filter(({ id }) => id !== undefined && CRASHES.has(id));
	return {
		code: textOf(".js"),
		warnings: (await esbuild.formatMessages(crashing, { kind: "warning", color: false, terminalWidth: 120 })).map((text) => text.trim()),
		sourceMap: portableMap(textOf(".map")),
		exports: output?.exports ?? [],
		interfaces: [...imported].filter((path) => own.includes(path)).sort(),
		usesRandom: imported.has(RANDOM_INTERFACE),
		files: Object.keys(result.metafile.inputs)
			.filter((path) => !path.startsWith(`${GUEST_LIBRARY_NAMESPACE}:`) && !path.startsWith(`${MADE_NAMESPACE}:`))
			.map((path) => join(root, path)),
	};
}

/** Returns the map with the paths that `shownSource` returns, and without the members that a host does not read. */
function portableMap(text: string): string {
	const map: { readonly sources: readonly string[]; readonly names: unknown; readonly mappings: string } = JSON.parse(text);
	return JSON.stringify({ version: 3, sources: map.sources.map(shownSource), names: map.names, mappings: map.mappings });
}

/** Warnings about code that cannot work. Most come from packages of CommonJS, whose default import may be another value than expected. */
const CRASHES: ReadonlySet<string> = new Set([
	"import-is-undefined",
	"call-import-namespace",
	"assign-to-import",
	"assign-to-constant",
	"commonjs-variable-in-esm",
	"unsupported-require-call",
	"unsupported-dynamic-import",
]);

/** Returns true for the fault of the module that the build writes when the author's module exports no `run`. */
function isMissingRun({ text, location }: SourceMessage): boolean {
	return location?.file === `${MADE_NAMESPACE}:main` && /^No matching export in .* for import "run"/.test(text);
}

/** Keeps imports of WIT interfaces for the engine and adds their version. Adds the guest library. Refuses the modules of Node. */
function resolvePlugin(entry: string, engine: Engine, wit: WitWorlds, installed: ReadonlySet<string>) {
	return {
		name: "spear",
		setup(build: PluginBuild): void {
			build.onResolve({ filter: /^[a-z0-9-]+:[a-z0-9-]+\/[a-z0-9-]+/ }, ({ path }) => {
				if (path.startsWith(PLATFORM) || path.startsWith("node:")) return undefined;
				return {
					path: path.startsWith(`${wit.package}/`) && !path.includes("@") && wit.version !== undefined ? `${path}@${wit.version}` : path,
					external: true,
					sideEffects: false,
				};
			});
			addGuestLibrary(build, { entry, engine, installed });
			build.onResolve({ filter: /^[a-z@]/ }, async ({ path, kind, resolveDir, pluginData }) => {
				const advice = nodeModuleAdvice(path);
				if (pluginData === RESOLVING || advice === undefined) return undefined;
				const found = await build.resolve(path, { kind, resolveDir, pluginData: RESOLVING });
				if (found.errors.length === 0) return { path: found.path };
				return { errors: [{ text: advice }] };
			});
		},
	};
}

/** Marks a resolution by esbuild itself, so that the hook does not handle it again. */
const RESOLVING = Symbol("resolving");
