/**
 * The part of esbuild's API that the build uses. esbuild is an optional package, so its own types are not available to every build of this
 * package.
 *
 * @see https://esbuild.github.io/api/ and https://esbuild.github.io/plugins/
 */
import { isRecord } from "../abi/component/toolchain.ts";

/** A fault or a warning about the sources. */
export interface SourceMessage {
	readonly text: string;
	/** Name of the plugin that reports the fault. Empty for none. */
	readonly pluginName?: string;
	/** Name of the kind of warning. */
	readonly id?: string;
	readonly location: { readonly file: string; readonly line: number; readonly column: number; readonly lineText: string } | null;
	readonly notes?: readonly unknown[];
}

/** Result of a resolve hook. */
export interface Resolution {
	readonly path?: string;
	/** The default is `file`. */
	readonly namespace?: string;
	readonly external?: boolean;
	readonly sideEffects?: boolean;
	readonly errors?: readonly { readonly text: string }[];
}

export interface ResolveArgs {
	readonly path: string;
	/** Path of the module with the import. */
	readonly importer: string;
	readonly kind: string;
	readonly resolveDir: string;
	readonly pluginData: unknown;
}

export interface ImportFilter {
	readonly filter: RegExp;
	/** The default is every namespace. */
	readonly namespace?: string;
}

/** Result of a load hook. */
export interface LoadedSource {
	readonly contents: string;
	readonly loader: string;
	/** Folder from which the imports of the source are resolved. The default is none. */
	readonly resolveDir?: string;
}

export interface PluginBuild {
	onResolve(filter: ImportFilter, resolve: (args: ResolveArgs) => Resolution | undefined | Promise<Resolution | undefined>): void;
	onLoad(
		filter: ImportFilter,
		load: (args: { readonly path: string }) => LoadedSource | undefined | Promise<LoadedSource | undefined>,
	): void;
	resolve(
		path: string,
		options: Omit<ResolveArgs, "path" | "importer">,
	): Promise<{ readonly path: string; readonly errors: readonly unknown[] }>;
}

export interface BuildResult {
	readonly warnings: readonly SourceMessage[];
	readonly outputFiles: readonly { readonly path: string; readonly text: string }[];
	readonly metafile: {
		readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
		readonly outputs: Readonly<
			Record<
				string,
				{
					readonly exports: readonly string[];
					readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
					readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
				}
			>
		>;
	};
}

export interface Esbuild {
	build(options: Readonly<Record<string, unknown>>): Promise<BuildResult>;
	formatMessages(messages: readonly SourceMessage[], options: Readonly<Record<string, unknown>>): Promise<string[]>;
}

/** Returns true for a module with the functions of esbuild that are used here. */
export function isEsbuild(value: unknown): value is Esbuild {
	return isRecord(value) && typeof value.build === "function" && typeof value.formatMessages === "function";
}

/** Returns true for the error that `build` throws for faults of the sources. */
export function isBuildFailure(value: unknown): value is Error & { readonly errors: readonly SourceMessage[] } {
	return value instanceof Error && isRecord(value) && Array.isArray(value.errors);
}
