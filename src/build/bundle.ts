import { isBuiltin } from "node:module";
import { basename, join } from "node:path";
import { type Importer, importTool, type Tool } from "../abi/component/toolchain.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type BuildResult, isBuildFailure, isEsbuild, type PluginBuild } from "./esbuild.ts";
import { addGuestLibrary } from "./guest-library.ts";
import { projectRoot } from "./project-root.ts";
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
	/** WIT interfaces that the module imports, with version, e.g. `spear:ai/cchat@0.1.0`. */
	readonly interfaces: readonly string[];
	/** Source map of `code`, as JSON (version 3). Holds positions and relative paths, no source text. */
	readonly sourceMap: string;
}

/**
 * Bundles a guest into one ECMAScript module that imports only WIT interfaces. Types are removed, not checked. No tsconfig.json is read, so
 * that the result depends on the sources alone. Paths in it are relative to the project (see `projectRoot`).
 *
 * @throws SpearError `invalid_request` with the place and the source line of each error.
 */
export async function bundleGuest(entry: string, wit: WitWorlds, importer?: Importer): Promise<Bundle> {
	const esbuild = await importTool(BUNDLER, importer);
	if (!isEsbuild(esbuild)) throw new SpearError("internal", `esbuild has no function build; install version ${BUNDLER.version}`);
	const root = await projectRoot(entry);
	let result: BuildResult;
	try {
		result = await esbuild.build({
			entryPoints: [entry],
			absWorkingDir: root,
			// Written nowhere. Sources in the map are relative to its folder.
			outfile: join(root, "guest.js"),
			allowOverwrite: true,
			bundle: true,
			sourcemap: "external",
			sourcesContent: false,
			write: false,
			metafile: true,
			format: "esm",
			platform: "neutral",
			mainFields: ["module", "main"],
			conditions: ["import", "module"],
			target: "es2023",
			// QuickJS counts columns in bytes, and source maps count them in UTF-16 units. In ASCII both are the same.
			charset: "ascii",
			legalComments: "none",
			logLevel: "silent",
			tsconfigRaw: {},
			plugins: [resolvePlugin(wit)],
		});
	} catch (cause) {
		if (!isBuildFailure(cause)) throw cause;
		const frames = await esbuild.formatMessages(cause.errors, { kind: "error", color: false, terminalWidth: 120 });
		throw new SpearError("invalid_request", `${basename(entry)} cannot be built:\n${frames.join("").trim()}`, { cause });
	}
	const output = Object.entries(result.metafile.outputs).find(([path]) => path.endsWith(".js"))?.[1];
	const textOf = (ending: string): string => result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
	return {
		code: textOf(".js"),
		sourceMap: portableMap(textOf(".map")),
		exports: output?.exports ?? [],
		interfaces: [...new Set((output?.imports ?? []).filter(({ external }) => external === true).map(({ path }) => path))].sort(),
	};
}

/** Returns the map with the paths that `shownSource` returns, and without the members that a host does not read. */
function portableMap(text: string): string {
	const map: { readonly sources: readonly string[]; readonly names: unknown; readonly mappings: string } = JSON.parse(text);
	return JSON.stringify({ version: 3, sources: map.sources.map(shownSource), names: map.names, mappings: map.mappings });
}

/** Keeps imports of WIT interfaces for the engine and adds their version. Adds the guest library. Refuses the modules of Node. */
function resolvePlugin(wit: WitWorlds) {
	return {
		name: "spear",
		setup(build: PluginBuild): void {
			build.onResolve({ filter: /^[a-z0-9-]+:[a-z0-9-]+\/[a-z0-9-]+/ }, ({ path }) => ({
				path: path.startsWith(`${wit.package}/`) && !path.includes("@") && wit.version !== undefined ? `${path}@${wit.version}` : path,
				external: true,
				sideEffects: false,
			}));
			addGuestLibrary(build);
			build.onResolve({ filter: /^[a-z@]/ }, async ({ path, kind, resolveDir, pluginData }) => {
				if (pluginData === RESOLVING || !isBuiltin(path)) return undefined;
				const found = await build.resolve(path, { kind, resolveDir, pluginData: RESOLVING });
				if (found.errors.length === 0) return { path: found.path };
				return { errors: [{ text: `${path} is part of Node; a guest runs in WebAssembly and can use only hostcalls` }] };
			});
		},
	};
}

/** Marks a resolution by esbuild itself, so that the hook does not handle it again. */
const RESOLVING = Symbol("resolving");
