import { access, constants, mkdtemp, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { assertTrusted } from "../../abi/component/jco/trusted-files.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { isAbsent } from "../../errors/is-absent.ts";
import { userCacheDirectory } from "../../paths/user-cache.ts";
import { type DoctorCheck, failedCheck } from "./doctor-check.ts";

const OTHER_DIRECTORY = "make the directory writable for this user alone, or name another one in [host] cache_dir";

/**
 * Checks that the cache of components that the engine jco has transpiled can be written, and that no other user can write it. Leaves nothing behind.
 *
 * @param configured `cache_dir` of the configuration. The default is the user's cache directory.
 */
export async function checkCache(configured: string | undefined): Promise<DoctorCheck> {
	const directory = configured === undefined ? userCacheDirectory() : resolve(configured);
	if (directory === undefined) {
		const message = "this user has no home, so the engine jco transpiles each component again in each process";
		return { area: "cache", name: "components", status: "warning", message, remedy: "set [host] cache_dir, or XDG_CACHE_HOME" };
	}
	try {
		await assertTrusted(directory);
	} catch (thrown) {
		return failedCheck("cache", directory, thrown, OTHER_DIRECTORY);
	}
	try {
		await tryToWrite(directory);
	} catch (thrown) {
		return {
			area: "cache",
			name: directory,
			status: "problem",
			message: `cannot be written: ${fileFault(thrown)}`,
			remedy: OTHER_DIRECTORY,
		};
	}
	return { area: "cache", name: directory, status: "ok", message: "can be written" };
}

/** Creates a folder in the directory. If that does not exist, checks the permissions of the nearest folder above. */
async function tryToWrite(directory: string): Promise<void> {
	for (let at = directory; ; at = dirname(at)) {
		const found = await stat(at).catch((thrown: unknown) => {
			if (isAbsent(thrown) && at !== dirname(at)) return undefined;
			throw thrown;
		});
		if (found === undefined) continue;
		if (at !== directory) return access(at, constants.W_OK | constants.X_OK);
		return rm(await mkdtemp(join(at, "doctor-")), { recursive: true });
	}
}
