import { open } from "node:fs/promises";
import process from "node:process";
import { fileFault } from "../../errors/file-fault.ts";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { inputChunks } from "../read-input.ts";

/** Bytes of a file that are read at once. */
const CHUNK_BYTES = 64 * 1024;

/** Returns the name of a recording in messages. */
export function recordingName(path: string): string {
	return path === "-" ? "standard input" : path;
}

/**
 * Yields the bytes of a file, or of standard input for `-`.
 *
 * @throws SpearError `invalid_request` for a file that cannot be read; the reason of `signal` once that is aborted.
 */
export async function* recordingChunks(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
	if (path === "-") {
		if (process.stdin.isTTY)
			throw new SpearError("invalid_request", "standard input is a terminal; name a file, or pipe a recording into the command");
		return yield* inputChunks(signal);
	}
	try {
		await using file = await open(path);
		for (;;) {
			if (signal.aborted) throw abortError(signal);
			const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
			if (bytesRead === 0) return;
			yield buffer.subarray(0, bytesRead);
		}
	} catch (cause) {
		if (cause instanceof SpearError) throw cause;
		throw new SpearError("invalid_request", `${path}: ${fileFault(cause)}`, { cause });
	}
}
