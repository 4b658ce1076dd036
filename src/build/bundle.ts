import { isBuiltin } from "node:module";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Importer, importTool, isRecord, type Tool } from "../abi/component/toolchain.ts";
import { SpearError } from "../errors/spear-error.ts";
import type { WitWorlds } from "./wit-worlds.ts";

/** Bundles the guest's TypeScript into one module. */
export const BUNDLER: Tool = {
	package: "esbuild",
	version: "0.28.2",
	purpose: "Building a guest",
	alternative: "Guests built elsewhere load without it.",
};

/** Entry points of the guest library, by what comes after `spear-hostcall/guest`. */
const GUEST_LIBRARY: Readonly<Record<string, string>> = { "": "guest", "/chat": "chat", "/poll": "poll" };
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

export interface Bundle {
	readonly code: string;
	/** Names the module exports. */
	readonly exports: readonly string[];
	/** WIT interfaces it imports, with version, e.g. `spear:ai/cchat@0.1.0`. */
	readonly interfaces: readonly string[];
}

/**
 * Bundles a guest into one ECMAScript module that imports nothing but WIT interfaces. Types are stripped, not checked; no
 * tsconfig.json is read, so that the result depends on the sources alone.
 *
 * @throws SpearError `invalid_request` with each error's place and source line.
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
		interfaces: [...new Set((output?.imports ?? []).filter((one) => one.external === true).map((one) => one.path))].sort(),
	};
}

/** Leaves WIT interfaces to the engine, with the version filled in, and finds the guest library. */
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
				if (pluginData === ASKED || !isBuiltin(path)) return undefined;
				const found = await build.resolve(path, { kind, resolveDir, pluginData: ASKED });
				if (found.errors.length === 0) return { path: found.path };
				return { errors: [{ text: `${path} is part of Node; a guest runs in WebAssembly and reaches the world through hostcalls only` }] };
			});
		},
	};
}

/** Marks our own question to esbuild, so that it is not asked again. */
const ASKED = Symbol("asked");

interface Resolution {
	readonly path?: string;
	readonly external?: boolean;
	readonly sideEffects?: boolean;
	readonly errors?: readonly { readonly text: string }[];
}
interface ResolveArgs {
	readonly path: string;
	readonly kind: string;
	readonly resolveDir: string;
	readonly pluginData: unknown;
}
interface PluginBuild {
	onResolve(
		filter: { readonly filter: RegExp },
		resolve: (args: ResolveArgs) => Resolution | undefined | Promise<Resolution | undefined>,
	): void;
	resolve(path: string, options: Omit<ResolveArgs, "path">): Promise<{ readonly path: string; readonly errors: readonly unknown[] }>;
}
interface BuildResult {
	readonly outputFiles: readonly { readonly text: string }[];
	readonly metafile: {
		readonly outputs: Readonly<
			Record<
				string,
				{ readonly exports: readonly string[]; readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }
			>
		>;
	};
}
interface Esbuild {
	build(options: Readonly<Record<string, unknown>>): Promise<BuildResult>;
	formatMessages(messages: readonly unknown[], options: Readonly<Record<string, unknown>>): Promise<string[]>;
}

function isEsbuild(value: unknown): value is Esbuild {
	return isRecord(value) && typeof value.build === "function" && typeof value.formatMessages === "function";
}

function isBuildFailure(value: unknown): value is Error & { readonly errors: readonly unknown[] } {
	return value instanceof Error && isRecord(value) && Array.isArray(value.errors);
}
