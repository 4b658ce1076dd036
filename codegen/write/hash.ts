/** SHA-256 of contents. By it the writer tells its own files from changed ones. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isErrno, statOf } from "./disk.ts";

/** Lower-case hexadecimal. */
export function sha256(content: Uint8Array | string): string {
	return createHash("sha256").update(content).digest("hex");
}

/** Hash of a regular file; undefined when nothing is there or when it is something else. */
export function hashOf(file: string): string | undefined {
	if (!statOf(file)?.isFile()) return undefined;
	try {
		return sha256(readFileSync(file));
	} catch (cause) {
		if (isErrno(cause, "ENOENT")) return undefined;
		throw cause;
	}
}
