import { open, stat } from "node:fs/promises";
import { fileFault } from "../../../errors/file-fault.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** File of a model, and the name that requests use. */
export interface ModelFile {
	readonly name: string;
	readonly path: string;
}

/** First bytes of a GGUF file. */
const MAGIC = "GGUF";

/**
 * Reads the beginning of a model's file.
 *
 * @throws SpearError `backend_error` for a file that cannot be read or is no GGUF file. The cause names the path.
 */
export async function requireModelFile(file: ModelFile): Promise<void> {
	const { path } = file;
	try {
		const stats = await stat(path);
		if (stats.isDirectory()) throw unusableFile(file, "it is a directory");
		// Opening a pipe could wait forever.
		if (!stats.isFile()) throw unusableFile(file, "it is not a file");
		if (stats.size === 0) throw unusableFile(file, "it is empty");
		if ((await beginning(path)) !== MAGIC) throw unusableFile(file, "it is no GGUF file");
	} catch (thrown) {
		throw thrown instanceof SpearError ? thrown : unusableFile(file, fileFault(thrown));
	}
}

/** Returns the error of a file that the engine cannot load. Most of such files are incomplete, or newer than the engine. */
export function unloadableFile(file: ModelFile, cause: unknown): SpearError {
	return unusableFile(file, "it is incomplete, or of a form that the engine does not know; copy or download it again", cause);
}

/** The path stays in the cause: a guest may see the message. */
function unusableFile({ name, path }: ModelFile, reason: string, cause?: unknown): SpearError {
	return new SpearError("backend_error", `the model "${guestName(name)}" cannot be loaded; its operator must check its file`, {
		processed: "no",
		cause: new Error(`${path}: ${reason}`, { cause }),
	});
}

async function beginning(path: string): Promise<string> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
		return buffer.toString("latin1", 0, bytesRead);
	} finally {
		await file.close();
	}
}
