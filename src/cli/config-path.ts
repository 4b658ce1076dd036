import { existsSync } from "node:fs";
import { SpearError } from "../errors/spear-error.ts";

/**
 * Returns the path of the configuration: `path`, else `spear.toml` in the working directory. `undefined` for the embedded default, if there
 * is no such file.
 *
 * @throws SpearError `invalid_request` for an empty path.
 */
export function findConfig(path: string | undefined): string | undefined {
	if (path === "") throw new SpearError("invalid_request", "--config: the path is empty; name a file, or omit the option");
	if (path !== undefined) return path;
	return existsSync("spear.toml") ? "spear.toml" : undefined;
}
