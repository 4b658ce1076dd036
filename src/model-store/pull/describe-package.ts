import type { ModelPackage } from "../model.ts";

/** Returns a package as its client spells a pinned version. */
export function describePackage({ registry, name, version }: ModelPackage): string {
	return `${name}${registry === "npm" ? "@" : "=="}${version}`;
}
