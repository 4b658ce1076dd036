import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";
import { isAlive, type LockOwner, parseLockOwner, thisProcess } from "../paths/lock-owner.ts";

/** Directories locked by this process. A lock file is not enough: in a restarted container, a stale one may name this process id. */
const locked = new Set<string>();

/**
 * Locks a directory for a host of this process.
 *
 * @throws SpearError `invalid_request` while another host holds the lock, in this process or in another live process.
 */
export async function lockDirectory(root: string): Promise<void> {
	if (locked.has(root)) throw inUse("another host of this process");
	locked.add(root);
	try {
		const owner = await ownerOf(root);
		if (owner !== undefined && owner.pid !== process.pid && isAlive(owner.pid)) throw inUse(`process ${owner.pid}`);
		await writeFile(lockFile(root), JSON.stringify(thisProcess()), { mode: 0o600 });
	} catch (thrown) {
		locked.delete(root);
		throw thrown;
	}
}

export async function unlockDirectory(root: string): Promise<void> {
	await rm(lockFile(root), { force: true });
	locked.delete(root);
}

/** Returns true for a directory of a host of this machine and user whose process has ended. */
export async function isAbandoned(root: string): Promise<boolean> {
	const owner = await ownerOf(root);
	if (owner === undefined || owner.machine !== hostname() || locked.has(root)) return false;
	const { uid } = await stat(root);
	return uid === (process.getuid?.() ?? uid) && !isAlive(owner.pid);
}

function lockFile(root: string): string {
	return join(root, "lock");
}

async function ownerOf(root: string): Promise<LockOwner | undefined> {
	const text = await readFile(lockFile(root), "utf8").catch(() => "");
	return parseLockOwner(text);
}

function inUse(by: string): SpearError {
	return new SpearError("invalid_request", `[media] dir: ${by} uses this directory; configure another directory for each host`);
}
