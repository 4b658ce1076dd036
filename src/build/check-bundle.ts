import { SpearError } from "../errors/spear-error.ts";
import type { Bundle } from "./bundle.ts";
import { missingRun } from "./run-export.ts";
import type { WitWorlds } from "./wit-worlds.ts";

export interface BundleTarget {
	/** Path of the guest's entry file, for errors. */
	readonly entry: string;
	readonly world: string;
	readonly wit: WitWorlds;
	/** Allows interfaces of other packages, for a guest that is built for a WIT folder of its own. */
	readonly allowOtherPackages: boolean;
}

/**
 * Checks that a bundle exports `run` and imports only interfaces of its world.
 *
 * @throws SpearError `invalid_request`, naming the export or the import.
 */
export function checkBundle(bundle: Bundle, { entry, world, wit, allowOtherPackages }: BundleTarget): void {
	if (!bundle.exports.includes("run")) throw missingRun(entry);
	const available = wit.worlds.get(world) ?? new Set();
	for (const path of bundle.interfaces) {
		const prefix = `${wit.package}/`;
		if (!path.startsWith(prefix)) {
			if (allowOtherPackages) continue;
			throw invalid(`${entry} imports ${path}; a guest can import only interfaces of ${wit.package}`);
		}
		const [name = "", version] = path.slice(prefix.length).split("@", 2);
		const worlds = [...wit.worlds].filter(([, interfaces]) => interfaces.has(name)).map(([other]) => `\`${other}\``);
		if (worlds.length === 0)
			throw invalid(`${entry} imports ${path}, which does not exist; world \`${world}\` has ${[...available].sort().join(", ")}`);
		if (!available.has(name))
			throw invalid(`${entry} imports ${path}, which the world \`${world}\` does not have; build for ${worlds.join(" or ")}`);
		if (version !== wit.version)
			throw invalid(`${entry} imports ${path}, but this release has version ${wit.version}; omit the version to use that one`);
	}
}

function invalid(message: string): SpearError {
	return new SpearError("invalid_request", message);
}
