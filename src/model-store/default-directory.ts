import { join, resolve } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { userCacheDirectory } from "../paths/user-cache.ts";

/**
 * Returns the directory of the models: `SPEAR_MODELS`, or `models` in the user's cache.
 *
 * @throws SpearError `invalid_request` for a user without a home who does not set `SPEAR_MODELS`.
 */
export function defaultModelDirectory(): string {
	const named = process.env.SPEAR_MODELS;
	if (named !== undefined && named !== "") return resolve(named);
	const cache = userCacheDirectory();
	if (cache !== undefined) return join(cache, "models");
	throw new SpearError("invalid_request", "this user has no home for models; set SPEAR_MODELS to a directory");
}
