import { spawnSync } from "node:child_process";
import process from "node:process";

/** Prints a title above what follows. */
export function title(text: string): void {
	console.log(`\n— ${text}`);
}

/** Runs a script of this repository. Returns its exit code. */
export function runScript(args: readonly string[], env: NodeJS.ProcessEnv = process.env): number {
	const { status, signal } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { stdio: "inherit", env });
	if (signal !== null) process.exit(signal === "SIGINT" ? 130 : 1);
	return status ?? 1;
}

/** Runs a script of this repository under a title. Ends the process if the script fails. */
export function step(text: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
	title(text);
	const code = runScript(args, env);
	if (code === 0) return;
	console.error(`\nstopped: \`node ${args.join(" ")}\` ended with exit code ${code}`);
	process.exit(code);
}
