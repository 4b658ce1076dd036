/** A server of the Model Context Protocol of other authors, for the tests: packages from npm, in a folder outside the repository. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

const PACKAGE = "@modelcontextprotocol/server-filesystem";
const VERSION = "2026.8.31";

/** Hash of the package, as the registry and the lock file of an installation spell it. */
const INTEGRITY = "sha512-kKaFkyAh6oipvc9+EAbJ552JafnMnOq5nzmzWkp1jJdBhTAAGpmIpWihUG1+rfNhmEFM98gUZDdCHCDD4v6a7Q==";

/** Longest duration of the installation, in milliseconds. A registry that does not answer must not delay other work for long. */
const TIMEOUT_MS = 90_000;

/** Folder of the packages. `SPEAR_TEST_MCP` names another one. */
export function testMcpFolder(): string {
	return process.env.SPEAR_TEST_MCP ?? join(homedir(), ".cache", "spear-hostcall-test-mcp");
}

/** Returns the program of the server, or `undefined` if it is not installed. */
export function testMcpServer(folder: string = testMcpFolder()): string | undefined {
	const program = join(folder, "node_modules", PACKAGE, "dist", "index.js");
	return existsSync(program) ? program : undefined;
}

/**
 * Installs the server with npm from the user's registry, and checks the hash of its package. Runs no script of any package. The folder appears when
 * it is whole. A server that is there stays.
 *
 * @throws Error that says what failed.
 */
export async function installTestMcpServer(folder: string = testMcpFolder()): Promise<void> {
	if (testMcpServer(folder) !== undefined) return;
	await mkdir(dirname(folder), { recursive: true });
	const work = await mkdtemp(`${folder}-`);
	try {
		await writeFile(join(work, "package.json"), JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } }));
		const options = ["install", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--silent"];
		await promisify(execFile)("npm", options, { cwd: work, timeout: TIMEOUT_MS });
		const lock: unknown = JSON.parse(await readFile(join(work, "package-lock.json"), "utf8"));
		if (!JSON.stringify(lock).includes(JSON.stringify(INTEGRITY)))
			throw new Error(`${PACKAGE} ${VERSION} is another package than the tests know`);
		await rm(folder, { recursive: true, force: true });
		await rename(work, folder);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}
