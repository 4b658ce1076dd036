/**
 * The lock that keeps runs from writing concurrently. Each run that wants to write raises a flag of its own, then looks for flags of
 * others. Of two runs at least one sees the other, takes its flag down and tries again. A flag is never taken over, so any run may
 * remove a flag that a dead run has left.
 */
import { readdirSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CodegenFailure } from "../failure.ts";
import { type Disk, isErrno, statOf } from "./disk.ts";
import { sha256 } from "./hash.ts";

export interface LockOptions {
	/** Longest wait for another run, in ms. */
	readonly patienceMs?: number;
	/** Called once if another run has to be waited for. */
	readonly onWait?: (holder: string) => void;
	/** Called for a flag of another machine that is removed because its date is in the future. */
	readonly onFutureFlag?: (flag: string) => void;
	/** Called before each attempt; may throw to end the wait. */
	readonly beforeAttempt?: () => Promise<void>;
	readonly pid?: number;
	readonly isAlive?: (pid: number) => boolean;
}

/** A flag of another machine (or container) cannot be checked; after this long, in ms, its run is taken to be dead. */
const FOREIGN_FLAG_LIFE_MS = 600_000;

/** Most that a flag of another machine may be in the future, in ms. A clock that was set back leaves flags which would hold for ever. */
const MAX_SKEW_MS = 60_000;

/**
 * Holds the lock until the returned function is called.
 *
 * @throws CodegenFailure when another run holds it for longer than `patienceMs` (30 s)
 */
export async function takeLock(disk: Disk, directory: string, options: LockOptions = {}): Promise<() => void> {
	const host = sha256(os.hostname()).slice(0, 8);
	const name = `lock.${options.pid ?? process.pid}.${host}.${crypto.randomUUID().slice(0, 8)}`;
	const flag = path.join(directory, name);
	const deadline = Date.now() + (options.patienceMs ?? 30_000);
	let told = false;
	for (;;) {
		await options.beforeAttempt?.();
		raise(disk, directory, flag);
		const other = otherFlag(disk, directory, { name, host }, options);
		if (other === undefined) return () => disk.remove(flag);
		disk.remove(flag);
		const holder = `process ${other.split(".")[1] ?? "?"}`;
		if (Date.now() > deadline) {
			throw new CodegenFailure(`another codegen run (${holder}) is writing; if there is none, delete ${path.join(directory, other)}`);
		}
		if (!told) options.onWait?.(holder);
		told = true;
		await delay(20 + Math.random() * 60);
	}
}

/** The directory may be removed by a run that ends between its creation and that of the flag. */
function raise(disk: Disk, directory: string, flag: string): void {
	for (let attempt = 1; ; attempt++) {
		try {
			disk.makeDirectory(directory);
			disk.touch(flag);
			return;
		} catch (cause) {
			if (isErrno(cause, "ENOENT") && attempt < 100) continue;
			if (!(cause instanceof Error && "syscall" in cause)) throw cause;
			throw new CodegenFailure(`cannot write in ${path.dirname(directory)}: ${cause.message}`, { cause });
		}
	}
}

interface OwnFlag {
	readonly name: string;
	readonly host: string;
}

function otherFlag(disk: Disk, directory: string, own: OwnFlag, options: LockOptions): string | undefined {
	// The clock of the file system. That of this machine may differ from it.
	const now = statOf(path.join(directory, own.name))?.mtimeMs ?? Date.now();
	for (const name of readdirSync(directory)) {
		const [, pid, host] = /^lock\.(\d+)\.([0-9a-f]+)\./.exec(name) ?? [];
		if (name === own.name || pid === undefined) continue;
		const flag = path.join(directory, name);
		const stat = statOf(flag);
		if (stat === undefined) continue;
		const age = now - stat.mtimeMs;
		const isFuture = host !== own.host && age < -MAX_SKEW_MS;
		const held = host === own.host ? (options.isAlive ?? isAlive)(Number(pid)) : !isFuture && age < FOREIGN_FLAG_LIFE_MS;
		if (held) return name;
		if (isFuture) options.onFutureFlag?.(flag);
		disk.remove(flag);
	}
	return undefined;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (cause) {
		return !isErrno(cause, "ESRCH");
	}
}
