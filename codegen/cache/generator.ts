/** Identity of the generator: two runs with the same identity make the same files of the same input. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { findPackageJSON } from "node:module";
import * as path from "node:path";
import { isErrno } from "../write/disk.ts";
import { digestOf } from "./digest.ts";

const CODE = path.resolve(import.meta.dirname, "..");

/** Packages that the bundle of the generator has inside. */
export const BUNDLED_PACKAGES: readonly string[] = ["commonmark", "entities", "fastest-levenshtein", "handlebars", "jsonc-parser", "mdurl"];

/** Others whose output ends up in generated files. */
const TOOLS = ["@bytecodealliance/jco", "json-schema-to-typescript", "prettier"];

let identity: string | undefined;

/**
 * A digest over the generator's own files and the versions of the packages that make its output, as they were at the first call.
 *
 * @param now computes the digest again, of the files as they are now
 */
export function generatorIdentity({ now = false } = {}): string {
	const compute = (): string => digestOf([process.version, ...[...TOOLS, ...BUNDLED_PACKAGES].map(versionOf), ...filesBelow(CODE)]);
	if (now) return compute();
	identity ??= compute();
	return identity;
}

/** Names and contents of all files below a directory, in the order of their names, without those of `except`. */
export function filesBelow(directory: string, except: readonly string[] = []): (string | Uint8Array)[] {
	const files = readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => !entry.isDirectory())
		.map((entry) => ({ file: path.join(entry.parentPath, entry.name), isFile: entry.isFile() }))
		.filter(({ file }) => !except.includes(file))
		.sort((a, b) => (a.file < b.file ? -1 : 1));
	const base = path.join(directory, path.sep);
	return files.flatMap(({ file, isFile }) => [file.slice(base.length), isFile || !isSpecial(file) ? readFileSync(file) : ""]);
}

/** Reading a pipe would wait for its writer, and some devices never end. A link is what it leads to. */
function isSpecial(file: string): boolean {
	const stat = statSync(file);
	return !stat.isFile() && !stat.isDirectory();
}

/** A package that is not installed has no version; a run that needs it fails by itself. */
function versionOf(name: string): string {
	try {
		const file = findPackageJSON(name, import.meta.url);
		const { version }: { version?: unknown } = file === undefined ? {} : JSON.parse(readFileSync(file, "utf8"));
		return `${name}@${String(version)}`;
	} catch (cause) {
		if (!isErrno(cause, "ERR_MODULE_NOT_FOUND")) throw cause;
		return "";
	}
}
