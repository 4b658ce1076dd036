/**
 * Every WIT package in `node_modules` and `wit/`, copied to a directory that any reader can read. The directory has the files of the package,
 * a world that reaches all of its interfaces, and the packages that it names under `deps/`.
 */
import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

export interface CorpusPackage {
	/** Origin of the package, relative to the repository. */
	readonly origin: string;
	/** Absolute path of the copy. */
	readonly directory: string;
	readonly files: number;
	/** Worlds of the package, and added worlds that import or export every interface. */
	readonly worlds: readonly string[];
	/** True if a file has an `@unstable` item. */
	readonly isGated: boolean;
	/** Packages that its files name but that no file contains. */
	readonly missing: readonly string[];
}

interface Shipped {
	readonly origin: string;
	readonly key: string;
	readonly files: ReadonlyMap<string, string>;
}

export interface Corpus {
	readonly packages: readonly CorpusPackage[];
	/** Directories whose files name no package. */
	readonly skipped: readonly string[];
	dispose(): Promise<void>;
}

/** Reads text with regular expressions only, so that the result does not depend on the reader under test. */
export async function layOutCorpus(root: string): Promise<Corpus> {
	const { found: shipped, skipped } = await findPackages(root);
	const target = await mkdtemp(join(tmpdir(), "wit-corpus-"));
	const packages: CorpusPackage[] = [];
	for (const [index, each] of shipped.entries()) {
		packages.push(await layOut(each, shipped, join(target, String(index))));
	}
	return { packages, skipped, dispose: () => rm(target, { recursive: true, force: true }) };
}

async function findPackages(root: string): Promise<{ found: Shipped[]; skipped: string[] }> {
	const paths = [...globSync("node_modules/**/*.wit", { cwd: root }), ...globSync("wit/**/*.wit", { cwd: root })].sort();
	const byDirectory = Map.groupBy(paths, (path) => dirname(path));
	const found: Shipped[] = [];
	const skipped: string[] = [];
	for (const [origin, members] of byDirectory) {
		const files = new Map<string, string>();
		for (const path of members) {
			files.set(basename(path), await readFile(join(root, path), "utf8"));
		}
		const key = firstMatch(/^\s*package\s+([^\s;{]+)/m, [...files.values()].join("\n"));
		if (key === undefined) {
			skipped.push(origin);
		} else {
			found.push({ origin, key, files });
		}
	}
	return { found, skipped };
}

async function layOut(main: Shipped, shipped: readonly Shipped[], directory: string): Promise<CorpusPackage> {
	await mkdir(directory, { recursive: true });
	for (const [name, content] of main.files) {
		await writeFile(join(directory, name), content);
	}
	const worlds = await addWorlds(directory, [...main.files.values()]);
	const { needed, missing } = closure(main, shipped);
	for (const [index, each] of needed.entries()) {
		await mkdir(join(directory, "deps", String(index)), { recursive: true });
		for (const [name, content] of each.files) {
			await writeFile(join(directory, "deps", String(index), name), content);
		}
	}
	const isGated = [...main.files.values()].some((file) => file.includes("@unstable"));
	return { origin: main.origin, directory, files: main.files.size, worlds, isGated, missing };
}

/** Adds worlds to a package that import and export every interface. Returns the names of all its worlds. */
export async function addWorlds(directory: string, files: readonly string[]): Promise<string[]> {
	const text = withoutComments(files.join("\n"));
	const interfaces = allMatches(/^interface\s+([^\s{]+)/gm, text);
	const added = [
		`world every-import {\n${interfaces.map((name) => `\timport ${name};\n`).join("")}}\n`,
		`world every-export {\n${interfaces.map((name) => `\texport ${name};\n`).join("")}}\n`,
	];
	await writeFile(join(directory, "zz-every-interface.wit"), added.join("\n"));
	const every = interfaces.length === 0 ? [] : ["every-import", "every-export"];
	return [...allMatches(/^world\s+([^\s{]+)/gm, text), ...every];
}

/** Returns the packages that `main` names, and those that these name. If several files contain a package, the closest one is used. */
function closure(main: Shipped, shipped: readonly Shipped[]): { needed: Shipped[]; missing: string[] } {
	const needed = new Map<string, Shipped>([[main.key, main]]);
	const missing = new Set<string>();
	for (const each of needed.values()) {
		const text = withoutComments([...each.files.values()].join("\n"));
		for (const [, name, version] of text.matchAll(/\b([a-z][\w-]*:[a-z][\w-]*)\/[\w-]+(@[\w.+-]*\w)?/g)) {
			const key = `${name ?? ""}${version ?? ""}`;
			const candidates = shipped.filter((candidate) => candidate.key === key);
			const provider = candidates.sort((a, b) => distance(main, a) - distance(main, b))[0];
			if (provider === undefined) {
				missing.add(key);
			} else if (!needed.has(key)) {
				needed.set(key, provider);
			}
		}
	}
	needed.delete(main.key);
	return { needed: [...needed.values()], missing: [...missing] };
}

function distance(from: Shipped, to: Shipped): number {
	return relative(from.origin, to.origin).split("/").length;
}

function withoutComments(text: string): string {
	return text.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
}

function firstMatch(pattern: RegExp, text: string): string | undefined {
	return pattern.exec(withoutComments(text))?.[1];
}

function allMatches(pattern: RegExp, text: string): string[] {
	return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}
