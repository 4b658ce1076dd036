/** Finds and reads the WIT files of a directory and of its `deps/`. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import { SourceFile } from "./source-file.ts";

export interface SourceGroup {
	readonly main: boolean;
	readonly label: string;
	readonly files: readonly SourceFile[];
}

/** The files of the package itself, then one group for each entry of `deps/`, all by name. */
export async function loadSources(path: string, diagnostics: DiagnosticCollector): Promise<SourceGroup[]> {
	if ((await stat(path)).isFile()) {
		const name = basename(path);
		return [{ main: true, label: `\`${name}\``, files: [await load(path, name)] }];
	}
	const groups: SourceGroup[] = [{ main: true, label: "this directory", files: await loadDirectory(path, "") }];
	if (groups[0]?.files.length === 0) {
		const nowhere = new SourceFile(".", "").span({ start: 0, end: 0 });
		diagnostics.error("no-wit-files", nowhere, `no \`.wit\` file in \`${basename(path)}\``, {
			help: "point at a directory of WIT files, or at one WIT file",
		});
	}
	const deps = join(path, "deps");
	for (const name of await listNames(deps)) {
		const files = await loadDependency(deps, name);
		if (files.length > 0) {
			groups.push({ main: false, label: `\`deps/${name}\``, files });
		}
	}
	return groups;
}

async function loadDependency(deps: string, name: string): Promise<SourceFile[]> {
	const path = join(deps, name);
	if ((await stat(path)).isDirectory()) {
		return loadDirectory(path, `deps/${name}/`);
	}
	return name.endsWith(".wit") ? [await load(path, `deps/${name}`)] : [];
}

async function loadDirectory(path: string, prefix: string): Promise<SourceFile[]> {
	const files: SourceFile[] = [];
	for (const name of await listNames(path)) {
		const file = join(path, name);
		if (name.endsWith(".wit") && (await stat(file)).isFile()) {
			files.push(await load(file, prefix + name));
		}
	}
	return files;
}

/** Names in a directory by code units, whatever order the file system gives; none when it does not exist. */
async function listNames(path: string): Promise<string[]> {
	try {
		return (await readdir(path)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return [];
		}
		throw error;
	}
}

async function load(path: string, name: string): Promise<SourceFile> {
	const text = await readFile(path, "utf8");
	return new SourceFile(name, text.replace(/^\uFEFF/, ""));
}
