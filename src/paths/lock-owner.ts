import { hostname } from "node:os";
import process from "node:process";

/** Process that holds a lock, as the lock's file says. */
export interface LockOwner {
	readonly pid: number;
	readonly machine: string;
}

/** Returns this process as the owner of a lock. */
export function thisProcess(): LockOwner {
	return { pid: process.pid, machine: hostname() };
}

/** Returns the owner that the text of a lock's file names, or `undefined` for another text. */
export function parseLockOwner(text: string): LockOwner | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isOwner(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isOwner(value: unknown): value is LockOwner {
	if (typeof value !== "object" || value === null) return false;
	return "pid" in value && Number.isSafeInteger(value.pid) && "machine" in value && typeof value.machine === "string";
}

/** Returns true for an id of a process of this machine that has not ended. */
export function isAlive(pid: number): boolean {
	if (pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (thrown) {
		return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
	}
}
