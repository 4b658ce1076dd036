import { randomUUID } from "node:crypto";
import { readFile, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";
import { isAlive, type LockOwner, parseLockOwner, thisProcess } from "../../paths/lock-owner.ts";
import { makeFolder } from "../../paths/make-folder.ts";

/** Time between two signs of life of the holder of a lock, in milliseconds. */
const HEARTBEAT_MS = 5_000;
/** Time without a sign of life after which a lock is abandoned, in milliseconds. Twelve signs have then failed to come. */
const ABANDONED_MS = 60_000;
/** Time between two attempts to get a lock, in milliseconds. */
const RETRY_MS = 200;

/** A lock that this process holds. */
export interface Lock {
	release(): Promise<void>;
}

/**
 * Locks a file's name among all processes, makes its folder, and waits while another one holds the lock. The lock of a process that has ended is taken over.
 *
 * @param onWait Called once with the process id of the holder, if there is one to wait for.
 * @throws The reason of the abort, or the system's error if the folder cannot be written.
 */
export async function acquireLock(path: string, onWait: (pid: number) => void, signal?: AbortSignal): Promise<Lock> {
	let told = false;
	while (!(await created(path))) {
		const holder = await holderOf(path);
		if (holder === "abandoned") {
			await removeAbandoned(path);
			continue;
		}
		if (holder !== undefined && !told) {
			told = true;
			onWait(holder.pid);
		}
		await delay(RETRY_MS, undefined, signal === undefined ? {} : { signal }).catch(() => throwIfAborted(signal, "the pull"));
	}
	const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS);
	heartbeat.unref();
	return {
		async release() {
			clearInterval(heartbeat);
			await rm(path, { force: true });
			// Empty folders go too. Another process may be waiting in them: it makes them again.
			await rmdir(dirname(path)).catch(() => {});
			await rmdir(dirname(dirname(path))).catch(() => {});
		},
	};
}

/** Creates the file of a lock, and its folder. Returns false if there is such a file, or if another process has just removed the folder. */
async function created(path: string): Promise<boolean> {
	try {
		await makeFolder(dirname(path));
		await writeFile(path, JSON.stringify(thisProcess()), { flag: "wx", mode: 0o600 });
		return true;
	} catch (thrown) {
		const opening = thrown instanceof Error && "code" in thrown && "syscall" in thrown && thrown.syscall === "open";
		if (opening && (thrown.code === "EEXIST" || thrown.code === "ENOENT")) return false;
		throw thrown;
	}
}

/** Returns the holder of a lock, `abandoned` for one that has ended, or `undefined` for a lock that is being made or released now. */
async function holderOf(path: string): Promise<LockOwner | "abandoned" | undefined> {
	const info = await stat(path).catch(() => undefined);
	if (info === undefined) return undefined;
	if (Date.now() - info.mtimeMs > ABANDONED_MS) return "abandoned";
	const owner = parseLockOwner(await readFile(path, "utf8").catch(() => ""));
	return owner !== undefined && owner.machine === hostname() && !isAlive(owner.pid) ? "abandoned" : owner;
}

/** Removes an abandoned lock. Another process may have taken it over in between: a lock that is alive is put back. */
async function removeAbandoned(path: string): Promise<void> {
	const aside = `${path}.${randomUUID()}`;
	try {
		await rename(path, aside);
	} catch {
		return;
	}
	if ((await holderOf(aside)) !== "abandoned") await rename(aside, path);
	else await rm(aside, { force: true });
}
