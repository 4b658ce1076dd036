import { dirname, join } from "node:path";
import { isFile } from "../paths/is-file.ts";

/**
 * Returns the folder that the guest's paths are relative to: the nearest one above the entry with a `package.json`, else that of the entry.
 * Depends on neither the working directory nor the place of the project on this machine.
 */
export async function projectRoot(entry: string): Promise<string> {
	const folder = dirname(entry);
	for (let root = folder; ; root = dirname(root)) {
		if (await isFile(join(root, "package.json"))) return root;
		if (dirname(root) === root) return folder;
	}
}
