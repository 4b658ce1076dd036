import { existsSync } from "node:fs";

/**
 * Returns the path of the configuration: `path`, else `spear.toml` in the working directory. `undefined` for the embedded default, if there
 * is no such file.
 */
export function findConfig(path: string | undefined): string | undefined {
	if (path !== undefined) return path;
	return existsSync("spear.toml") ? "spear.toml" : undefined;
}
