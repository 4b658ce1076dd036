import { optionalPackage } from "../../../packages/optional-package.ts";

/** Access to the packages of the engines. Threads load them, so an instance only looks for their paths. A test replaces it. */
export interface PackagePaths {
	/** Returns the path of a package's module, or `undefined` if the package is not installed. Does not load it. */
	pathOf(name: string): string | undefined;
}

/** The packages where optional packages are installed. */
export const INSTALLED_PACKAGES: PackagePaths = { pathOf: optionalPackage };
