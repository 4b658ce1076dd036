/** Adds one import to a hand-written file, unless it is there. */
import * as path from "node:path";
import type { SourceFile } from "ts-morph";

/** Imports `name`, as a value, from the module at the absolute path `module`. */
export function ensureImport(file: SourceFile, name: string, module: string): void {
	const target = path.resolve(module);
	if (path.resolve(file.getFilePath()) === target) return;
	const existing = file.getImportDeclarations().filter((each) => each.getModuleSpecifierSourceFile()?.getFilePath() === target.split(path.sep).join("/"));
	const named = existing.flatMap((each) => each.getNamedImports().map((specifier) => ({ each, specifier })));
	if (named.some(({ each, specifier }) => specifier.getName() === name && !specifier.isTypeOnly() && !each.isTypeOnly())) return;
	const open = existing.find((each) => !each.isTypeOnly() && each.getNamespaceImport() === undefined);
	if (open !== undefined) {
		open.addNamedImport(name);
		return;
	}
	const relative = path.relative(path.dirname(file.getFilePath()), target).split(path.sep).join("/");
	file.addImportDeclaration({ namedImports: [name], moduleSpecifier: relative.startsWith(".") ? relative : `./${relative}` });
}
