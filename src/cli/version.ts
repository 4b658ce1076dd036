import { packageManifest } from "../packages/package-manifest.ts";

/** Returns the version of the package. */
export function version(): string {
	return packageManifest().version;
}
