import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../../paths/make-folder.ts";
import { isRecord } from "../toolchain.ts";

const MAX_TRIES = 100;

/**
 * Writes a folder as a whole: into one beside the target first, then by one rename. Other users cannot write to the files, whatever the process's
 * umask.
 *
 * @param files Contents by name.
 * @param existing Treatment of a folder that is already there: `replace` it, or `keep` it and discard the new one. The default is `replace`.
 */
export async function writeFolder(
	directory: string,
	files: ReadonlyMap<string, Uint8Array | string>,
	existing: "replace" | "keep" = "replace",
): Promise<void> {
	const fresh = `${directory}.${randomUUID()}.tmp`;
	const old = `${directory}.${randomUUID()}.old`;
	try {
		await makeFolder(fresh, 0o755);
		for (const [name, content] of files) await writeFile(join(fresh, name), content, { mode: 0o644 });
		if (existing === "keep") await rename(fresh, directory).catch(ignore("ENOTEMPTY", "EEXIST"));
		else await replace(directory, fresh, old);
	} finally {
		await rm(fresh, { recursive: true, force: true });
		await rm(old, { recursive: true, force: true });
	}
}

/** Replaces `directory` by `fresh`. Tries again when another process has written `directory` in between. */
async function replace(directory: string, fresh: string, old: string): Promise<void> {
	for (let tries = 1; ; tries += 1) {
		await rename(directory, old).catch(ignore("ENOENT"));
		try {
			return await rename(fresh, directory);
		} catch (cause) {
			if (tries === MAX_TRIES) throw cause;
			ignore("ENOTEMPTY", "EEXIST")(cause);
			await rm(old, { recursive: true, force: true });
		}
	}
}

function ignore(...codes: readonly string[]): (cause: unknown) => void {
	return (cause) => {
		if (!isRecord(cause) || typeof cause.code !== "string" || !codes.includes(cause.code)) throw cause;
	};
}
