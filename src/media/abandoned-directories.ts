import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAbandoned } from "./directory-lock.ts";

/** Beginning of the name of each temporary directory. */
export const TEMPORARY_PREFIX = "spear-media-";

/**
 * Removes the temporary directories of hosts that have ended without removing them. A directory that cannot be removed stays: another host
 * that starts now may be removing the same one. Otherwise that host would make this one fail to store an object.
 *
 * @param remove Removes a directory. Tests replace it.
 */
export async function removeAbandoned(
	parent: string,
	remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true }),
): Promise<void> {
	const names = await readdir(parent).catch(() => []);
	for (const name of names) {
		if (!name.startsWith(TEMPORARY_PREFIX)) continue;
		const path = join(parent, name);
		try {
			if (await isAbandoned(path)) await remove(path);
		} catch {
			// The next host removes it.
		}
	}
}
