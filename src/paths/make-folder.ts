import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and the folders above it. Node's own recursive `mkdir` does not end on a file system that answers `ENOENT` for a new
 * folder in one that is there, as `/proc` does.
 *
 * @param mode Permissions of each new folder. The default is that of the system.
 * @throws The system's error for a folder that cannot be made.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
	try {
		await mkdir(path, mode);
	} catch (thrown) {
		const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
		if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
		const parent = dirname(path);
		if (code !== "ENOENT" || parent === path || (await isFolder(parent))) throw thrown;
		await makeFolder(parent, mode);
		await mkdir(path, mode).catch((again: unknown) => {
			// Another process may have made the folder in between.
			if (!(again instanceof Error && "code" in again && again.code === "EEXIST")) throw again;
		});
	}
}

function isFolder(path: string): Promise<boolean> {
	return stat(path).then(
		(info) => info.isDirectory(),
		() => false,
	);
}
