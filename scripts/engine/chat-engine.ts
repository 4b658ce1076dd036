/** The engine of the kind `llama-cpp`, as npm packages without the binaries of other machines: 83 MB instead of 732. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";

/** Version of the packages. */
const VERSION = "3.21.1";

/** Name of the package that runs models. */
const ENGINE = "node-llama-cpp";

/** Packages with the binaries, by platform and processor. None of them needs a graphics card. */
const BINARIES: Readonly<Record<string, string>> = {
	"linux-x64": "@node-llama-cpp/linux-x64",
	"linux-arm64": "@node-llama-cpp/linux-arm64",
	"darwin-x64": "@node-llama-cpp/mac-x64",
	"darwin-arm64": "@node-llama-cpp/mac-arm64-metal",
	"win32-x64": "@node-llama-cpp/win-x64",
	"win32-arm64": "@node-llama-cpp/win-arm64",
};

/** Hashes of the packages, as the registry and the lock file of an installation spell them. */
const INTEGRITY: Readonly<Record<string, string>> = {
	"node-llama-cpp": "sha512-E3N0Ev2Va0wzydvXYFwM9Hvyo07PoWjt8T/9GMc43Cvt8YkV/NU/tYUgEMC1grTPv2o9PRjQi0G3Wb5P/awiMg==",
	"@node-llama-cpp/linux-x64": "sha512-Totj6RTDMGo3FoK2yNUaz/oGmZD0olAqTrRluFUWmu0kW2i9TOzHSW0OWCAiGkzRCVX0WsU2CyUQo/W2NYtdPA==",
	"@node-llama-cpp/linux-arm64": "sha512-eI3anSEGzJiwF2rpMpZVTdHzw47LztbvfvuRzlu/fPO18ROnBOd+75RPUBlV6qENPpmNtbov85+3VODwEwBurg==",
	"@node-llama-cpp/mac-x64": "sha512-Q4nyNmbcNiKygBZQZjX+qLk2w3YzoiFpLWsxNURQN7xjyUi2p2rWxjRa7Otg0FrjGf/ri4aQ+X3Uj5Y0zD06eg==",
	"@node-llama-cpp/mac-arm64-metal": "sha512-6MIDAZV7DXD9R1+jEXWJkFuolni3GATGE6mmuyFYc6ZmtOh9djAy15df0T0AXK3sCmVKL+fQcOAWZezxx4MvQQ==",
	"@node-llama-cpp/win-x64": "sha512-JcIpCnra7bAd7JNWA8ehdn2DIRaTMuj+fBC8bw+5rKSNzszWFbuj2XA05c5QHovonDMBLN1ePXE/hcfZtzXoUQ==",
	"@node-llama-cpp/win-arm64": "sha512-/UDR7Y0B8iKfc/tqxBmWkcgRdZQ9Wrkwod7fYl4J6iZXcTIj286RkHvZSED7VMY67TrcUXVvxJVMNFtmjeYnDg==",
};

/** Longest duration of the installation, in milliseconds. A registry that does not answer must not delay other work for long. */
const TIMEOUT_MS = 180_000;

const run = promisify(execFile);

/** Returns the path of the engine's module in a folder of packages. */
export function chatEngineModule(folder: string): string {
	return join(folder, "node_modules", ENGINE, "dist", "index.js");
}

/**
 * Installs the engine into a folder of packages, with npm from the user's registry, and checks the hashes of both packages. Runs no script of
 * any package. The folder appears when it is whole. An engine that is there stays.
 *
 * @throws Error that says what npm said.
 */
export async function installChatEngine(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
	if (existsSync(chatEngineModule(folder))) return;
	await mkdir(dirname(folder), { recursive: true });
	const work = await mkdtemp(`${folder}-`);
	try {
		await install(work, env);
		await rm(folder, { recursive: true, force: true });
		await rename(work, folder);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
}

async function install(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
	const machine = `${process.platform}-${process.arch}`;
	const binaries = BINARIES[machine];
	if (binaries === undefined) throw new Error(`${ENGINE} has no binaries for ${machine} that this script knows`);
	await writeFile(join(folder, "package.json"), '{ "private": true }\n');
	const packages = [ENGINE, binaries].map((name) => `${name}@${VERSION}`);
	await npm(["install", ...packages, "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder, env);
	const lock: unknown = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
	for (const name of [ENGINE, binaries]) {
		if (integrityOf(lock, name) !== INTEGRITY[name]) throw new Error(`the registry has another ${name}@${VERSION}`);
	}
}

/** Runs npm, and fails with the last line of its output. */
async function npm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
	try {
		// npm is a script of the shell on Windows. All arguments are constants.
		await run("npm", args, { cwd, env, shell: process.platform === "win32", timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
	} catch (thrown) {
		const output = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr) : "";
		const lines = output.trim().split("\n");
		// npm ends with the place of its log.
		const reason = lines.findLast((line) => !/complete log of this run|^\s*$|\.log$/.test(line)) ?? String(thrown);
		throw new Error(`npm ${args[0]}: ${reason}`);
	}
}

function integrityOf(lock: unknown, name: string): unknown {
	const member = (value: unknown, key: string): unknown =>
		typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
	return member(member(member(lock, "packages"), `node_modules/${name}`), "integrity");
}
