import { importOptionalPackage, optionalPackage } from "../../packages/optional-package.ts";

/** Access to an optional package. A test replaces it. */
export interface PackageSource {
	/** Returns true if the package is installed. Does not load it. */
	isInstalled(): boolean;
	import(): Promise<unknown>;
}

/** Returns a package where optional packages are installed. No import names it literally, so a bundle of a host does not include the package. */
export function installedPackage(name: string): PackageSource {
	return { isInstalled: () => optionalPackage(name) !== undefined, import: () => importOptionalPackage(name) };
}

/** Returns the remedy for a package that is not installed, as the end of a sentence. */
export function missingPackage(name: string, version: string): string {
	return `needs the package ${name}, which is not installed; install it: ${installCommand(name, version)}`;
}

/** Returns the command that installs the version of a package that this release is tested with. */
export function installCommand(name: string, version: string): string {
	return `npm install ${name}@${version}`;
}
