import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { startProcess } from "./process.js";

const ROOT = join(import.meta.dirname, "../..");

/** The `spear` command: that of a checkout, or of the installed package, which has no sources of it. */
const COMMAND = [join(ROOT, "src/cli/main.ts"), join(ROOT, "dist/src/cli/main.js")].find((path) => existsSync(path));

/** Starts `spear serve` with a worker. Its log goes to the file `log`. */
export async function startHost({ config, folder, env, port, log }) {
	const args = [COMMAND, "serve", "--worker", "--config", config, "--port", `${port}`, "--json"];
	const ready = (output) => (output.includes("\n") ? JSON.parse(output.split("\n", 1)[0]).url : undefined);
	const host = await startProcess({ name: `the host with the log ${log}`, program: process.execPath, args, log, cwd: folder, env, ready });
	return { ...host, url: host.value };
}
