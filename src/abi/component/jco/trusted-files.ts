import { lstat, open, stat } from "node:fs/promises";
import process from "node:process";
import { SpearError } from "../../../errors/spear-error.ts";

/** Owner and permissions of a file, as `stat` returns them. */
export interface FileAccess {
	readonly uid: number;
	readonly mode: number;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Returns the reason why code of a file or directory must not run; `undefined` for one that only this user, or root, can write.
 *
 * @param user The user id of this process. `undefined` on systems without POSIX permissions, such as Windows: nothing is checked there.
 */
export function distrustReason({ uid, mode }: FileAccess, user: number | undefined): string | undefined {
	if (user === undefined) return undefined;
	if (uid !== user && uid !== 0) return `it belongs to user ${uid}, and this process runs as user ${user}`;
	if ((mode & WRITABLE_BY_OTHERS) !== 0) return "other users can write to it; remove that permission with `chmod go-w`";
	return undefined;
}

/**
 * Refuses a directory that other users control, and a link of another user to any directory. An absent directory passes.
 *
 * @param options `sticky` accepts a directory such as `/tmp`, in which users cannot replace the files of others.
 * @throws SpearError `invalid_request` with the reason.
 */
export async function assertTrusted(directory: string, options: { readonly sticky?: boolean } = {}): Promise<void> {
	const link = await lstat(directory).catch(() => undefined);
	// The mode of a link says nothing. Its owner can lead this process to any directory of the user's own.
	if (link?.isSymbolicLink() === true) refuse(directory, distrustReason({ uid: link.uid, mode: 0 }, userId()));
	const found = await stat(directory).catch(() => undefined);
	if (found === undefined || (options.sticky === true && (found.mode & STICKY) !== 0)) return;
	refuse(directory, distrustReason(found, userId()));
}

/**
 * Reads a file that no other user controls. Owner and permissions are those of the opened file, so that no replacement goes unseen.
 *
 * @throws SpearError `invalid_request` with the reason; the system's error when the file cannot be read.
 */
export async function readTrusted(path: string): Promise<Uint8Array> {
	const file = await open(path);
	try {
		refuse(path, distrustReason(await file.stat(), userId()));
		return await file.readFile();
	} finally {
		await file.close();
	}
}

function userId(): number | undefined {
	return process.getuid?.();
}

function refuse(path: string, reason: string | undefined): void {
	if (reason === undefined) return;
	throw new SpearError("invalid_request", `${path} is refused, because the JavaScript in it would run with the host's rights: ${reason}`);
}
