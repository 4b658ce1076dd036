/** A server of Redis for the tests of several hosts: that of the system. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Longest duration of each step of the installation, in milliseconds. */
const TIMEOUT_MS = 300_000;

/** Returns the path of the server: `SPEAR_TEST_REDIS`, or `redis-server` or `valkey-server` on the path. `undefined` if there is none. */
export function testRedis(): string | undefined {
	const named = process.env.SPEAR_TEST_REDIS;
	if (named !== undefined) return existsSync(named) ? named : undefined;
	const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
	return folders.flatMap((folder) => ["redis-server", "valkey-server"].map((name) => join(folder, name))).find((path) => existsSync(path));
}

/**
 * Installs `redis-server` with apt, where the process may do so. A server that is there stays.
 *
 * @throws Error that says what failed.
 */
export async function installTestRedis(): Promise<void> {
	if (testRedis() !== undefined) return;
	if (process.getuid?.() !== 0) throw new Error("only root may install packages; run `sudo apt-get install redis-server`");
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
	for (const args of [["update"], ["install", "-y", "--no-install-recommends", "redis-server"]])
		await promisify(execFile)("apt-get", ["-q", ...args], { env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
	if (testRedis() === undefined) throw new Error("apt-get installed no server");
}
