/** Finds and reads the WIT files of a directory and of its `deps/`. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import { SourceFile } from "./source-file.ts";

/** Sixteen times the largest published package. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

export interface SourceGroup {
	readonly main: boolean;
	readonly label: string;
	readonly files: readonly SourceFile[];
}

/**
 * The files of the package itself, then one group for each entry of `deps/`, all by name. A path that leads to no WIT
 * is a diagnostic; whatever else the file system refuses is thrown.
 */
export async function loadSources(path: string, diagnostics: DiagnosticCollector, prefix = ""): Promise<SourceGroup[]> {
	const found = await stat(path).catch(orAbsent);
	if (found?.isFile()) {
		const name = basename(path);
		return [{ main: true, label: `\`${name}\``, files: [await load(path, prefix + name, diagnostics)] }];
	}
	const files = await loadDirectory(path, prefix, diagnostics);
	if (files.length === 0) {
		const nowhere = new SourceFile(".", "").span({ start: 0, end: 0 });
		const message = found === undefined ? `\`${path}\` does not exist` : `there is no \`.wit\` file in \`${path}\``;
		diagnostics.error("no-wit-files", nowhere, message, {
			help: "name the directory that holds the `.wit` files of one package; its dependencies stand in `deps/` inside it",
		});
	}
	const groups: SourceGroup[] = [{ main: true, label: "this directory", files }];
	const deps = join(path, "deps");
	for (const name of await listNames(deps)) {
		const dependency = await loadDependency(deps, name, `${prefix}deps/`, diagnostics);
		if (dependency.length > 0) {
			groups.push({ main: false, label: `\`deps/${name}\``, files: dependency });
		}
	}
	return groups;
}

async function loadDependency(deps: string, name: string, prefix: string, diagnostics: DiagnosticCollector): Promise<SourceFile[]> {
	const path = join(deps, name);
	const found = await stat(path);
	if (found.isDirectory()) {
		return loadDirectory(path, `${prefix}${name}/`, diagnostics);
	}
	// Reading a pipe would wait for its writer, and some devices never end.
	if (!found.isFile()) return [];
	if (name.endsWith(".wasm")) {
		const place = new SourceFile(prefix + name, "").span({ start: 0, end: 0 });
		diagnostics.error("binary-package", place, `\`deps/${name}\` is a package in binary form, which is not read`, {
			help: `put its text in its place: \`wasm-tools component wit ${name} > ${name.replace(/wasm$/, "wit")}\``,
		});
	}
	return name.endsWith(".wit") ? [await load(path, prefix + name, diagnostics)] : [];
}

async function loadDirectory(path: string, prefix: string, diagnostics: DiagnosticCollector): Promise<SourceFile[]> {
	const files: SourceFile[] = [];
	for (const name of await listNames(path)) {
		const file = join(path, name);
		if (name.endsWith(".wit") && (await stat(file)).isFile()) {
			files.push(await load(file, prefix + name, diagnostics));
		}
	}
	return files;
}

/** Names in a directory by code units, whatever order the file system gives; none when it does not exist. */
async function listNames(path: string): Promise<string[]> {
	const names = (await readdir(path).catch(orAbsent)) ?? [];
	return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function orAbsent(error: unknown): undefined {
	if (error instanceof Error && "code" in error && error.code === "ENOENT") {
		return undefined;
	}
	throw error;
}

async function load(path: string, name: string, diagnostics: DiagnosticCollector): Promise<SourceFile> {
	const { size } = await stat(path);
	if (size > MAX_FILE_BYTES) {
		const empty = new SourceFile(name, "");
		const message = `the file has ${size} bytes, and no more than ${MAX_FILE_BYTES} are read`;
		diagnostics.error("file-too-large", empty.span({ start: 0, end: 0 }), message, { help: "divide it into several files of the package" });
		return empty;
	}
	const bytes = await readFile(path);
	const source = new SourceFile(name, new TextDecoder().decode(bytes));
	if (!isUtf8(bytes)) {
		const start = Math.max(0, source.text.indexOf("\ufffd"));
		diagnostics.error("invalid-utf8", source.span({ start, end: start + 1 }), "the file is not valid UTF-8 here", {
			help: "save it as UTF-8",
		});
	}
	return source;
}
