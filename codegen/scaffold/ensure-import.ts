/** Adds one import to a hand-written file, unless it is there. */
import * as path from "node:path";
import type { SourceFile } from "ts-morph";

/** Imports `name`, as a value, from the module at the absolute path `module`. */
export function ensureImport(file: SourceFile, name: string, module: string): void {
	const target = posix(path.resolve(module));
	if (file.getFilePath() === target) return;
	const imports = file.getImportDeclarations();
	const fromTarget = imports.filter((each) => each.getModuleSpecifierSourceFile()?.getFilePath() === target && !each.isTypeOnly());
	const isThere = fromTarget.some((each) =>
		each.getNamedImports().some((specifier) => specifier.getName() === name && !specifier.isTypeOnly()),
	);
	if (isThere) return;
	const open = fromTarget.find((each) => each.getNamespaceImport() === undefined);
	if (open !== undefined) {
		open.addNamedImport(name);
		return;
	}
	const relative = posix(path.relative(path.dirname(file.getFilePath()), target));
	const moduleSpecifier = relative.startsWith(".") ? relative : `./${relative}`;
	const next = imports.findIndex((each) => isAfter(each.getModuleSpecifierValue(), moduleSpecifier));
	file.insertImportDeclaration(next < 0 ? imports.length : next, { namedImports: [name], moduleSpecifier });
}

/** True if the formatter puts module `a` after `b`: packages first, then from far to near, then by name. */
function isAfter(a: string, b: string): boolean {
	const distances = distance(b) - distance(a);
	return distances === 0 ? a > b : distances > 0;
}

function distance(module: string): number {
	return module.startsWith(".") ? module.split("../").length : Number.POSITIVE_INFINITY;
}

function posix(file: string): string {
	return file.split(path.sep).join("/");
}
