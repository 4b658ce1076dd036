import { SpearError } from "../../../errors/spear-error.ts";
import type { ImportedInterface } from "../binary/inspect.ts";
import { type FileRecord, isFileRecord } from "../files/file-record.ts";
import { isRecord } from "../toolchain.ts";

/** Version of the form of a transpiled component. Incremented when the former form could be misread. */
export const MANIFEST_FORMAT = 1;
export const MANIFEST_FILE = "manifest.json";
/** The JavaScript that instantiates the core modules beside it. */
export const MODULE_FILE = "agent.mjs";

/** Contents and origin of a transpiled component. */
export interface Manifest {
	readonly format: number;
	/** The component that the files were made from. */
	readonly component: FileRecord;
	/** Every file of the directory except the manifest. */
	readonly files: Readonly<Record<string, FileRecord>>;
	/** Imports of the component. */
	readonly imports: readonly ImportedInterface[];
	/** The imports that suspend the guest, by the transpiler's names, sorted. */
	readonly asyncImports: readonly string[];
	readonly exports: readonly string[];
	/** Version of the hostcalls (`spear:ai`) that the component was built for. Absent when it imports none. */
	readonly abi?: string;
	/** Version of `@bytecodealliance/jco-transpile` that made it. */
	readonly jco: string;
}

/** A transpiled component: its manifest, and its files by name. */
export interface Transpiled {
	readonly manifest: Manifest;
	readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Returns the manifest as text, with its members in a fixed order: equal components have equal files. */
export function manifestText(manifest: Manifest): string {
	return `${JSON.stringify(manifest, null, "\t")}\n`;
}

/**
 * Reads a manifest.
 *
 * @param where Names the file in messages.
 * @throws SpearError `invalid_request` naming the first fault.
 */
export function parseManifest(text: string, where: string): Manifest {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw broken(where, "is not JSON", cause);
	}
	if (!isRecord(value)) throw broken(where, "is not an object");
	if (value.format !== MANIFEST_FORMAT)
		throw broken(where, `has format ${JSON.stringify(value.format)}, and this release reads format ${MANIFEST_FORMAT}`);
	const { component, files, imports, asyncImports, exports, abi, jco } = value;
	if (!isFileRecord(component)) throw broken(where, "lacks a valid `component`");
	if (!isRecord(files)) throw broken(where, "lacks `files`");
	const records: Record<string, FileRecord> = {};
	for (const [name, record] of Object.entries(files)) {
		if (!/^[a-z0-9]+(\.[a-z0-9]+)*$/i.test(name) || name === MANIFEST_FILE)
			throw broken(where, `names the unsuitable file ${JSON.stringify(name)}`);
		if (!isFileRecord(record)) throw broken(where, `lacks size or checksum of ${name}`);
		records[name] = record;
	}
	if (records[MODULE_FILE] === undefined) throw broken(where, `does not list ${MODULE_FILE}`);
	if (!isListOf(imports, isImportedInterface)) throw broken(where, "lacks valid `imports`");
	if (!isListOf(asyncImports, isString)) throw broken(where, "lacks valid `asyncImports`");
	if (!isListOf(exports, isString)) throw broken(where, "lacks valid `exports`");
	if (!isString(jco)) throw broken(where, "lacks `jco`");
	return {
		format: MANIFEST_FORMAT,
		component,
		files: records,
		imports,
		asyncImports,
		exports,
		...(isString(abi) ? { abi } : {}),
		jco,
	};
}

function broken(where: string, what: string, cause?: unknown): SpearError {
	return new SpearError("invalid_request", `${where} ${what}`, cause === undefined ? {} : { cause });
}

function isString(value: unknown): value is string {
	return typeof value === "string";
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
	return Array.isArray(value) && value.every(isItem);
}

function isImportedInterface(value: unknown): value is ImportedInterface {
	return isRecord(value) && isString(value.name) && isListOf(value.functions, isString) && isListOf(value.resources, isString);
}
