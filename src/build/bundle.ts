import { isBuiltin } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Importer, importTool, type Tool } from "../abi/component/toolchain.ts";
import { SpearError } from "../errors/spear-error.ts";
import { type BuildResult, isBuildFailure, isEsbuild, type PluginBuild } from "./esbuild.ts";
import type { WitWorlds } from "./wit-worlds.ts";

/** The package that bundles a guest's TypeScript into one module. */
export const BUNDLER: Tool = {
	package: "esbuild",
	version: "0.28.2",
	purpose: "Building a guest",
	alternative: "Guests built elsewhere load without it.",
};

/** Entry points of the guest library, by the part of the path after `spear-hostcall/guest`. */
const GUEST_LIBRARY: Readonly<Record<string, string>> = { "": "guest", "/chat": "chat", "/poll": "poll" };
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

export interface Bundle {
	/** Text of one ECMAScript module. */
	readonly code: string;
	/** Names that the module exports. */
	readonly exports: readonly string[];
	/** WIT interfaces that the module imports, with version, e.g. `spear:ai/cchat@0.1.0`. */
	readonly interfaces: readonly string[];
}

/**
 * Bundles a guest into one ECMAScript module that imports only WIT interfaces. Types are removed, not checked. No tsconfig.json is read, so
 * that the result depends on the sources alone.
 *
 * @throws SpearError `invalid_request` with the place and the source line of each error.
 */
export async function bundleGuest(entry: string, wit: WitWorlds, importer?: Importer): Promise<Bundle> {
	const esbuild = await importTool(BUNDLER, importer);
	if (!isEsbuild(esbuild)) throw new SpearError("internal", `esbuild has no function build; install version ${BUNDLER.version}`);
	let result: BuildResult;
	try {
		result = await esbuild.build({
			entryPoints: [entry],
			absWorkingDir: dirname(entry),
			bundle: true,
			write: false,
			metafile: true,
			format: "esm",
			platform: "neutral",
			mainFields: ["module", "main"],
			conditions: ["import", "module"],
			target: "es2023",
			charset: "utf8",
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
	const [output] = Object.values(result.metafile.outputs);
	return {
		code: result.outputFiles[0]?.text ?? "",
		exports: output?.exports ?? [],
		interfaces: [...new Set((output?.imports ?? []).filter(({ external }) => external === true).map(({ path }) => path))].sort(),
	};
}

/** Keeps imports of WIT interfaces for the engine and adds their version. Finds the guest library. Refuses the modules of Node. */
function resolvePlugin(wit: WitWorlds) {
	return {
		name: "spear",
		setup(build: PluginBuild): void {
			build.onResolve({ filter: /^[a-z0-9-]+:[a-z0-9-]+\/[a-z0-9-]+/ }, ({ path }) => ({
				path: path.startsWith(`${wit.package}/`) && !path.includes("@") && wit.version !== undefined ? `${path}@${wit.version}` : path,
				external: true,
				sideEffects: false,
			}));
			build.onResolve({ filter: /^spear-hostcall\/guest(\/|$)/ }, ({ path }) => {
				const file = GUEST_LIBRARY[path.slice("spear-hostcall/guest".length)];
				if (file !== undefined) return { path: fileURLToPath(new URL(`../guest/${file}.${EXTENSION}`, import.meta.url)) };
				const known = Object.keys(GUEST_LIBRARY).map((suffix) => `spear-hostcall/guest${suffix}`);
				return { errors: [{ text: `${path} does not exist; the guest library has ${known.join(", ")}` }] };
			});
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
