/** A package as any reader of WIT expects it: its files in a folder, and what it needs in `deps/`. */
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ForeignPackage } from "./packages.ts";

/** Copies a package from the folder of its source. */
export function layOutPackage({ main, deps }: ForeignPackage, source: string, target: string): void {
	const from = join(source, main);
	mkdirSync(join(target, "deps"), { recursive: true });
	for (const file of witFiles(from)) cpSync(file, join(target, basename(file)));
	for (const needed of deps ?? [join(main, "deps")]) {
		for (const path of members(join(source, needed))) if (path !== from) copyPackage(path, join(target, "deps"));
	}
}

function copyPackage(path: string, target: string): void {
	for (const file of witFiles(path)) cpSync(file, join(target, path === file ? "" : basename(path), basename(file)));
}

/** Texts of the files of a package, without those of other packages. */
export function ownTexts(directory: string): string[] {
	return witFiles(directory).map((file) => readFileSync(file, "utf8"));
}

function witFiles(path: string): string[] {
	if (path.endsWith(".wit")) return [path];
	return members(path).filter((each) => each.endsWith(".wit") && statSync(each).isFile());
}

function members(path: string): string[] {
	const info = statSync(path, { throwIfNoEntry: false });
	if (info === undefined || info.isFile()) return [];
	return readdirSync(path).map((name) => join(path, name));
}
