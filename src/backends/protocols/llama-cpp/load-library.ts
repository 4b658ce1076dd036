import { SpearError } from "../../../errors/spear-error.ts";
import { installCommand, installedPackage, missingPackage, type PackageSource } from "../../kit/optional-package.ts";
import { isLibrary, type Library } from "./library.ts";

/** Name of the optional package that runs models. */
const PACKAGE = "node-llama-cpp";

/** Version that this release is tested with. */
const VERSION = "3.21.1";

/** Command that installs the package. */
const INSTALL = installCommand(PACKAGE, VERSION);

/** The installed package. */
export const INSTALLED_LIBRARY: PackageSource = installedPackage(PACKAGE);

/** Returns the remedy for a package that is not installed, as the end of a sentence. */
export const missingLibrary = (): string => missingPackage(PACKAGE, VERSION);

/**
 * Loads the package.
 *
 * @throws SpearError `internal` if it cannot be loaded, or is another version with other exports.
 */
export async function loadLibrary(source: PackageSource): Promise<Library> {
	let module: unknown;
	try {
		module = await source.import();
	} catch (cause) {
		throw new SpearError("internal", `the package ${PACKAGE} could not be loaded; install it again: ${INSTALL}`, { cause });
	}
	if (isLibrary(module)) return module;
	throw new SpearError("internal", `the package ${PACKAGE} is not the version that this host supports; install it again: ${INSTALL}`);
}
