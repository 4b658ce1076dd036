import { SpearError } from "../../../errors/spear-error.ts";
import { isLibrary, type Library } from "./library.ts";

/** Name of the optional package that runs models. */
const PACKAGE = "node-llama-cpp";

/** Version that this release is tested with. */
const VERSION = "3.21.1";

/** Command that installs the package. */
const INSTALL = `npm install ${PACKAGE}@${VERSION}`;

/** Access to the package. A test replaces it. */
export interface LibrarySource {
	/** Returns true if the package is installed. Does not load it. */
	isInstalled(): boolean;
	import(): Promise<unknown>;
}

/** The package as this project's module resolution finds it. The name is no literal, so a bundle of a host does not include the package. */
export const INSTALLED_LIBRARY: LibrarySource = {
	isInstalled() {
		try {
			import.meta.resolve(PACKAGE);
			return true;
		} catch {
			return false;
		}
	},
	import: () => import(PACKAGE),
};

/** Returns the remedy for a package that is not installed, as the end of a sentence. */
export function missingPackage(): string {
	return `needs the package ${PACKAGE}, which is not installed; install it: ${INSTALL}`;
}

/**
 * Loads the package.
 *
 * @throws SpearError `internal` if it cannot be loaded, or is another version with other exports.
 */
export async function loadLibrary(source: LibrarySource): Promise<Library> {
	let module: unknown;
	try {
		module = await source.import();
	} catch (cause) {
		throw new SpearError("internal", `the package ${PACKAGE} could not be loaded; install it again: ${INSTALL}`, { cause });
	}
	if (isLibrary(module)) return module;
	throw new SpearError("internal", `the package ${PACKAGE} is not the version that this host supports; install it again: ${INSTALL}`);
}
