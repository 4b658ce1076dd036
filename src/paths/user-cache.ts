import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import process from "node:process";

/**
 * Returns the directory of this program in the user's cache: `$XDG_CACHE_HOME/spear-hostcall`, or `~/.cache/spear-hostcall`. Returns
 * `undefined` for a user without a home, as in some containers.
 */
export function userCacheDirectory(): string | undefined {
	const base = process.env.XDG_CACHE_HOME;
	// The specification ignores a relative path: https://specifications.freedesktop.org/basedir-spec/latest/
	if (base !== undefined && isAbsolute(base)) return join(base, "spear-hostcall");
	try {
		const home = homedir();
		// `HOME` may be empty. The working directory is no home.
		return isAbsolute(home) ? join(home, ".cache", "spear-hostcall") : undefined;
	} catch {
		return undefined;
	}
}
