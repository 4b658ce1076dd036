import { pathToFileURL } from "node:url";
import { SpearError } from "../../../../errors/spear-error.ts";
import { installCommand } from "../../../kit/optional-package.ts";
import type { PackagePaths } from "../package-paths.ts";
import { type Library, libraryOf } from "./library.ts";

/** Name of the optional package that evaluates the model. */
const PACKAGE = "@energetic-ai/core";

/** Command that installs the package, in the version that this release is tested with. */
const INSTALL = installCommand(PACKAGE, "0.2.0");

/**
 * Returns the path of the package's module. Does not load it.
 *
 * @throws SpearError `internal` with the remedy if the package is not installed.
 */
export function libraryPath(source: PackagePaths): string {
	const path = source.pathOf(PACKAGE);
	if (path !== undefined) return path;
	throw new SpearError("internal", `embeddings need the package ${PACKAGE}, which is not installed; install it: ${INSTALL}`);
}

/**
 * Loads the package. Runs in the thread of the engine, because the package is large and adds to the global object.
 *
 * @throws SpearError `internal` if it cannot be loaded, or is another version with other exports.
 */
export async function loadLibrary(path: string): Promise<Library> {
	let module: unknown;
	try {
		module = await import(pathToFileURL(path).href);
	} catch {
		throw new SpearError("internal", `the package ${PACKAGE} could not be loaded; install it again: ${INSTALL}`);
	}
	const library = libraryOf(module);
	if (library !== undefined) return library;
	throw new SpearError("internal", `the package ${PACKAGE} is not the version that this host supports; install it again: ${INSTALL}`);
}
