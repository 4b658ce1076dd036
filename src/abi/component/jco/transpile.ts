import { SpearError } from "../../../errors/spear-error.ts";
import { type ComponentSummary, inspectComponent } from "../binary/inspect.ts";
import { fileRecord } from "../files/file-record.ts";
import { splitVersion } from "../import-object.ts";
import { type Importer, importTool, installedVersion, isRecord, type Tool } from "../toolchain.ts";
import { WASI_ASYNC_IMPORTS } from "../wasi/wasi.ts";
import { MANIFEST_FORMAT, MODULE_FILE, type Transpiled } from "./manifest.ts";

/** The transpiler: makes JavaScript and core modules of a component. */
export const TRANSPILER: Tool = {
	package: "@bytecodealliance/jco-transpile",
	version: "0.14.0",
	purpose: "The engine jco",
	alternative: "Or leave out the setting `engine`: the engine direct needs no package.",
};

/** Facts about a component that its bytes do not tell. */
export interface TranspileOptions {
	/** Imports that may suspend the guest, by the transpiler's names, e.g. `spear:ai/cchat@0.1.0#[method]session.send`. */
	readonly asyncImports: readonly string[];
	readonly importer?: Importer | undefined;
}

/** Returns the version of the installed transpiler, for cache keys. */
export async function transpilerVersion(): Promise<string> {
	return (await installedVersion(TRANSPILER.package)) ?? "unknown";
}

/**
 * Returns the suspending imports of a component, by the transpiler's names, sorted: those of `known` that it imports.
 *
 * Versions are those of the component: a guest built against a compatible older ABI names that version.
 */
export function asyncImportsOf(summary: Pick<ComponentSummary, "imports">, known: readonly string[]): string[] {
	const wanted = new Set([...known, ...WASI_ASYNC_IMPORTS].map(withoutVersion));
	return summary.imports
		.flatMap(({ name, functions }) => functions.map((wit) => `${name}#${wit}`))
		.filter((name) => wanted.has(withoutVersion(name)))
		.sort();
}

/**
 * Transpiles a component. Occupies this thread for some hundred milliseconds.
 *
 * The bytes are inspected first, because the transpiler copies names of core modules into JavaScript unescaped.
 *
 * @throws SpearError `invalid_request` for bytes that are no usable component, or when the transpiler is missing; `internal` for another
 * version of the transpiler.
 */
export async function transpileComponent(component: Uint8Array, options: TranspileOptions): Promise<Transpiled> {
	const summary = inspectComponent(component);
	if (!summary.exports.includes("run")) {
		throw new SpearError(
			"invalid_request",
			"the component cannot be loaded: it exports no function `run`; build it for a world of spear:ai, e.g. `agent`",
		);
	}
	const transpiler = await importTool(TRANSPILER, options.importer);
	if (!isTranspiler(transpiler))
		throw new SpearError("internal", `${TRANSPILER.package} has no function transpileBytes; install version ${TRANSPILER.version}`);
	const asyncImports = asyncImportsOf(summary, options.asyncImports);
	const abi = summary.imports.map(({ name }) => splitVersion(name)).find(({ base }) => base.startsWith("spear:ai/"))?.version;
	const files = await generate(transpiler, component, asyncImports);
	return {
		manifest: {
			format: MANIFEST_FORMAT,
			component: fileRecord(component),
			files: Object.fromEntries([...files].map(([name, bytes]) => [name, fileRecord(bytes)])),
			imports: summary.imports,
			asyncImports,
			exports: summary.exports,
			...(abi === undefined ? {} : { abi }),
			jco: await transpilerVersion(),
		},
		files,
	};
}

async function generate(transpiler: Transpiler, component: Uint8Array, asyncImports: readonly string[]): Promise<Map<string, Uint8Array>> {
	let generated: Readonly<Record<string, Uint8Array>>;
	try {
		({ files: generated } = await transpiler.transpileBytes(component, {
			name: "agent",
			instantiation: "async",
			asyncMode: "jspi",
			asyncImports: [...asyncImports],
			asyncExports: ["run"],
			emitTypescriptDeclarations: false,
			minify: true,
			// Keeps every core module a file. Otherwise modules below 5 kB are inlined.
			base64Cutoff: 0,
		}));
	} catch (cause) {
		throw new SpearError("invalid_request", `the component cannot be loaded: ${firstLine(cause)}`, { cause });
	}
	const files = new Map<string, Uint8Array>();
	for (const [name, bytes] of Object.entries(generated)) {
		if (name.endsWith(".js")) files.set(MODULE_FILE, assertSuspending(bytes, asyncImports));
		else if (name.endsWith(".wasm")) files.set(name, bytes);
	}
	return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Counts the suspending imports, because the transpiler ignores names that match nothing. Otherwise a wait would end the run. */
function assertSuspending(module: Uint8Array, asyncImports: readonly string[]): Uint8Array {
	const count = new TextDecoder().decode(module).match(/\.manuallyAsync\s*=\s*(?:true|!0)\b/g)?.length ?? 0;
	if (count !== asyncImports.length) {
		throw new SpearError(
			"internal",
			`${TRANSPILER.package} made ${count} imports suspending of the ${asyncImports.length} asked for; install version ${TRANSPILER.version}, the one this release is tested with`,
		);
	}
	return module;
}

function withoutVersion(name: string): string {
	const hash = name.indexOf("#");
	return `${splitVersion(name.slice(0, hash)).base}${name.slice(hash)}`;
}

function firstLine(cause: unknown): string {
	const text =
		cause instanceof Error ? cause.message : isRecord(cause) && typeof cause.payload === "string" ? cause.payload : String(cause);
	return text.split("\n", 1)[0] ?? text;
}

interface Transpiler {
	transpileBytes(
		component: Uint8Array,
		options: Readonly<Record<string, unknown>>,
	): Promise<{ readonly files: Readonly<Record<string, Uint8Array>> }>;
}

function isTranspiler(value: unknown): value is Transpiler {
	return isRecord(value) && typeof value.transpileBytes === "function";
}
