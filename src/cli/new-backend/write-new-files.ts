import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { makeFolder } from "../../paths/make-folder.ts";

/**
 * Writes the files of a new package. Overwrites nothing.
 *
 * @throws SpearError `invalid_request` for a folder that holds files, or that cannot be written.
 */
export async function writeNewFiles(directory: string, files: readonly (readonly [name: string, text: string])[]): Promise<void> {
	try {
		await makeFolder(directory);
		if (readdirSync(directory).length > 0)
			throw new SpearError("invalid_request", `${directory} is not empty; name another folder with --dir`);
		for (const [name, text] of files) writeFileSync(join(directory, name), text, { flag: "wx" });
	} catch (thrown) {
		if (thrown instanceof SpearError) throw thrown;
		throw new SpearError("invalid_request", `${directory}: ${fileFault(thrown)}`, { cause: thrown });
	}
}
