import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { MANIFEST_FILE } from "../abi/component/prepared/manifest.ts";
import { fileFault } from "../errors/file-fault.ts";
import { SpearError } from "../errors/spear-error.ts";

/** Returns true if a directory does not exist, is empty, or contains an earlier build. */
export async function isReplaceable(directory: string): Promise<boolean> {
	const info = await stat(directory).catch(() => undefined);
	if (info === undefined) return true;
	const names = info.isDirectory() ? await readdir(directory) : undefined;
	return names !== undefined && (names.length === 0 || names.includes(MANIFEST_FILE));
}

/** Writes a file completely or not at all. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
	const temporary = `${path}.${randomUUID()}.tmp`;
	try {
		await writeFile(temporary, bytes);
		await rename(temporary, path);
	} finally {
		await rm(temporary, { force: true });
	}
}

/** Returns a rejection handler that throws `invalid_request` with the path and the reason. */
export function notWritable(path: string): (cause: unknown) => never {
	return (cause) => {
		throw new SpearError("invalid_request", `${path} cannot be written: ${fileFault(cause)}`, { cause });
	};
}
