import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileFault } from "../../../errors/file-fault.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { hashFile } from "../../../paths/hash-file.ts";

/** File of a model that an engine loads, and the digest that its content must have. */
export interface CheckedFile {
	/** Name of the model, for the command that mends it. */
	readonly model: string;
	/** Absolute path. */
	readonly path: string;
	/** SHA-256, in lower-case hexadecimal. */
	readonly sha256: string;
}

/**
 * Checks the content of files. Native libraries end the whole process, the host included, if a file is damaged.
 *
 * @throws SpearError `backend_error` with the command that mends the model, for the first file that differs or cannot be read.
 */
export async function assertUnchanged(files: readonly CheckedFile[], signal?: AbortSignal): Promise<void> {
	for (const { model, path, sha256 } of files) {
		const found = await contentOf(path, signal).catch((thrown: unknown) => {
			if (signal?.aborted) throw thrown;
			throw broken(model, path, `cannot be read: ${fileFault(thrown)}`);
		});
		if (found !== sha256) throw broken(model, path, "has another content");
	}
}

/** Returns the digest of a file, or nothing for a pipe or a device, which may have no end. */
async function contentOf(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
	return (await stat(path)).isFile() ? hashFile(path, "sha256", signal) : undefined;
}

function broken(model: string, path: string, fault: string): SpearError {
	// The folder is the operator's own matter.
	const message = `the model ${model} is broken: ${basename(path)} ${fault}; run \`spear models pull ${model}\``;
	return new SpearError("backend_error", message, { processed: "no", cause: new Error(`${path} ${fault}`) });
}
