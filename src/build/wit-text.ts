import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Returns the text of all WIT files of a folder. */
export async function witText(directory: string): Promise<string> {
	const names = (await readdir(directory)).filter((name) => name.endsWith(".wit")).sort();
	return (await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")))).join("\n");
}
