import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Most files of a directory that count. A prepared agent has about ten. */
const MAX_FILES = 1_000;

/**
 * Returns a text that changes when a component changes on disk: of sizes, times and identities of its file, or of the files in its directory. Returns
 * `undefined` for a component that is absent, e.g. because a build is replacing it.
 */
export async function componentFingerprint(path: string): Promise<string | undefined> {
	try {
		const own = await stat(path, { bigint: true });
		if (!own.isDirectory()) return markOf(own);
		const names = (await readdir(path)).sort().slice(0, MAX_FILES);
		const marks = await Promise.all(names.map(async (name) => `${name} ${markOf(await stat(join(path, name), { bigint: true }))}`));
		return [`${own.ino}`, ...marks].join("\n");
	} catch {
		return undefined;
	}
}

function markOf({ ino, size, mtimeNs, ctimeNs }: Record<"ino" | "size" | "mtimeNs" | "ctimeNs", bigint>): string {
	return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
