import { type FileHandle, open } from "node:fs/promises";
import { guestName } from "../../../errors/guest-name.ts";
import { SpearError } from "../../../errors/spear-error.ts";

/** First bytes of a GGUF file. */
const MAGIC = "GGUF";

/**
 * Reads the beginning of each model's file.
 *
 * @throws SpearError `backend_error` for the first file that cannot be read or is no GGUF file. The cause names the path.
 */
export async function checkFiles(files: ReadonlyMap<string, string>): Promise<void> {
	for (const [name, path] of files) {
		const begin = await beginning(path).catch((cause: unknown) => {
			throw new SpearError("backend_error", `the file of the model "${guestName(name)}" cannot be read; check its path`, { cause });
		});
		if (begin !== MAGIC) throw new SpearError("backend_error", `the file of the model "${guestName(name)}" is no GGUF file`);
	}
}

async function beginning(path: string): Promise<string> {
	let file: FileHandle | undefined;
	try {
		file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
		return buffer.toString("latin1", 0, bytesRead);
	} finally {
		await file?.close();
	}
}
