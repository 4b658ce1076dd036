import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import process from "node:process";
import { fileFault } from "../errors/file-fault.ts";

/** Largest file, in bytes. Keys have some hundred. */
const MAX_BYTES = 64 * 1024;

/** Permission to read for all users of the machine. */
const OTHERS_READ = 0o004;

/** A file with a secret, as it was read. No text of it holds any of the content. */
export interface SecretFile {
	/** The content without its last line break. Absent for a file that cannot be used. */
	readonly secret?: string;
	/** Reason for which the file cannot be used. */
	readonly fault?: string;
	/** True if every user of the machine may read the file. False on Windows, which has no such permission. */
	readonly isPublic: boolean;
}

/** Reads a file with a secret. Follows symbolic links, because containers mount secrets as such. Waits for no pipe and reads no device. */
export function readSecretFile(path: string): SecretFile {
	let file: number | undefined;
	try {
		// Otherwise a pipe without a writer would block the host.
		file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stats = fstatSync(file);
		if (stats.isDirectory()) return unusable("it is a directory");
		if (!stats.isFile()) return unusable("it is not a file");
		const bytes = beginningOf(file);
		if (bytes.byteLength > MAX_BYTES) return unusable(`it has more than ${MAX_BYTES} bytes`);
		if (!isUtf8(bytes)) return unusable("it is no text");
		const secret = bytes.toString("utf8").replace(/\r?\n$/, "");
		if (secret.trim() === "") return unusable("it is empty");
		return { secret, isPublic: process.platform !== "win32" && (stats.mode & OTHERS_READ) !== 0 };
	} catch (thrown) {
		return unusable(fileFault(thrown));
	} finally {
		if (file !== undefined) closeSync(file);
	}
}

/** Returns one byte more than a file may have, if there are as many. A file that grows meanwhile costs no more. */
function beginningOf(file: number): Buffer {
	const buffer = Buffer.alloc(MAX_BYTES + 1);
	let length = 0;
	for (;;) {
		const read = readSync(file, buffer, length, buffer.byteLength - length, length);
		length += read;
		if (read === 0 || length === buffer.byteLength) return buffer.subarray(0, length);
	}
}

function unusable(fault: string): SecretFile {
	return { fault, isPublic: false };
}
