import { join, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { userCacheDirectory } from "../paths/user-cache.ts";

/**
 * Returns the directory of the models: `SPEAR_MODELS`, or `models` in the user's cache.
 *
 * @throws SpearError `invalid_request` for a user without a home who does not set `SPEAR_MODELS`, and for a value that a shell would expand.
 */
export function defaultModelDirectory(): string {
	const named = process.env.SPEAR_MODELS;
	if (named !== undefined && named.trim() !== "") {
		// A value from a file of variables, which no shell has read. A folder named "~" would appear in the working directory.
		if (/^~|^\$/.test(named))
			throw new SpearError("invalid_request", "SPEAR_MODELS holds '~' or a variable, which are not expanded; write the whole path");
		return resolve(named);
	}
	const cache = userCacheDirectory();
	if (cache !== undefined) return join(cache, "models");
	throw new SpearError("invalid_request", "this user has no home for models; set SPEAR_MODELS to a directory");
}
