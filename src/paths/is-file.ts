import { stat } from "node:fs/promises";

/** Returns true for the path of a file. A path that cannot be read counts as none. */
export function isFile(path: string): Promise<boolean> {
	return stat(path).then(
		(info) => info.isFile(),
		() => false,
	);
}
