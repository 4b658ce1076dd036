/** Directories of WIT files for the time of one call. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes the files in the order given, by path relative to the directory, and removes them afterwards. */
export async function withDirectory<Result>(
	files: Readonly<Record<string, string | Uint8Array>>,
	use: (directory: string) => Promise<Result>,
): Promise<Result> {
	const directory = await mkdtemp(join(tmpdir(), "wit-test-"));
	try {
		for (const [path, content] of Object.entries(files)) {
			await mkdir(dirname(join(directory, path)), { recursive: true });
			await writeFile(join(directory, path), content);
		}
		return await use(directory);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}
