/** A browser for the tests of the operator's page: that of the system. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { promisify } from "node:util";

/** Places of browsers that the tests can drive: packages of Debian, Ubuntu and Google. */
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Longest duration of each step of the installation, in milliseconds. */
const TIMEOUT_MS = 300_000;

/** Returns the path of the browser: `SPEAR_TEST_BROWSER`, or a known place. `undefined` if there is none. */
export function testBrowser(): string | undefined {
	const named = process.env.SPEAR_TEST_BROWSER;
	return (named === undefined ? PATHS : [named]).find((path) => existsSync(path));
}

/**
 * Installs chromium with apt, where the process may do so. A browser that is there stays.
 *
 * @throws Error that says what failed.
 */
export async function installTestBrowser(): Promise<void> {
	if (testBrowser() !== undefined) return;
	if (process.getuid?.() !== 0) throw new Error("only root may install packages; run `sudo apt-get install chromium`");
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]])
		await promisify(execFile)("apt-get", ["-q", ...args], { env, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
	if (testBrowser() === undefined) throw new Error("apt-get installed no browser");
}
