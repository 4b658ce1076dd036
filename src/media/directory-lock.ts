import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { SpearError } from "../errors/spear-error.ts";

/** Directories that this process holds: after a restart in a container, a stale lock may well name our own process id. */
const held = new Set<string>();

interface Owner {
	readonly pid: number;
	readonly machine: string;
}

/** Takes a directory for this process. `invalid_request` while another host, in this process or another one that lives, has it. */
export async function lockDirectory(root: string): Promise<void> {
	if (held.has(root)) throw inUse("another host of this process");
	held.add(root);
	try {
		const owner = await ownerOf(root);
		if (owner !== undefined && owner.pid !== process.pid && isAlive(owner.pid)) throw inUse(`process ${owner.pid}`);
		const self: Owner = { pid: process.pid, machine: hostname() };
		await writeFile(lockFile(root), JSON.stringify(self), { mode: 0o600 });
	} catch (thrown) {
		held.delete(root);
		throw thrown;
	}
}

export async function unlockDirectory(root: string): Promise<void> {
	await rm(lockFile(root), { force: true });
	held.delete(root);
}

/** Whether a directory was left behind by a host of this machine and user whose process is gone. */
export async function isAbandoned(root: string): Promise<boolean> {
	const owner = await ownerOf(root);
	if (owner === undefined || owner.machine !== hostname() || held.has(root)) return false;
	const { uid } = await stat(root);
	return uid === (process.getuid?.() ?? uid) && !isAlive(owner.pid);
}

function lockFile(root: string): string {
	return join(root, "lock");
}

async function ownerOf(root: string): Promise<Owner | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(lockFile(root), "utf8"));
		return isOwner(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isOwner(value: unknown): value is Owner {
	if (typeof value !== "object" || value === null) return false;
	return "pid" in value && Number.isSafeInteger(value.pid) && "machine" in value && typeof value.machine === "string";
}

function isAlive(pid: number): boolean {
	if (pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (thrown) {
		return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
	}
}

function inUse(by: string): SpearError {
	return new SpearError("invalid_request", `[media] dir: ${by} keeps its media there; give each host a directory of its own`);
}
