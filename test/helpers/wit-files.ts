import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./guest.ts";

/** Returns the paths of all WIT files below a directory of the project. */
export function witFiles(directory: string): string[] {
	return readdirSync(join(ROOT, directory), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith(".wit"))
		.map((entry) => join(entry.parentPath, entry.name));
}
