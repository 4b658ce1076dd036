import { dirname, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolveModule } from "./resolve-module.ts";

/** Variable that names the folder of optional packages. */
export const ENGINES_VARIABLE = "SPEAR_ENGINES";

/**
 * Returns the folders where the search for optional packages begins: that of this package, the working directory, and the folder that
 * `SPEAR_ENGINES` names. A package that is installed globally, or run by `npx`, has no optional packages beside it.
 */
export function optionalPackageFolders(): readonly string[] {
	const engines = process.env[ENGINES_VARIABLE];
	const here = dirname(fileURLToPath(import.meta.url));
	return [here, process.cwd(), ...(engines === undefined || engines === "" ? [] : [resolve(engines)])];
}

/**
 * Returns the path of an optional package's module, or `undefined` if the package is not installed. Does not load the package.
 *
 * @param name Name of the package, without a subpath.
 */
export function optionalPackage(name: string): string | undefined {
	for (const folder of optionalPackageFolders()) {
		const url = resolveModule(name, folder);
		if (url !== undefined) return fileURLToPath(url);
	}
	return undefined;
}

/** Imports the module of an optional package. @throws Error if the package is not installed, or does not load. */
export async function importOptionalPackage(name: string): Promise<unknown> {
	const path = optionalPackage(name);
	if (path === undefined) throw new Error(`the package ${name} is not installed`);
	const module: unknown = await import(pathToFileURL(path).href);
	return module;
}
