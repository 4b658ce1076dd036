/**
 * `npm run try:platform`: tries the built package on another runtime than Node, for the table in docs/platforms.md.
 *
 *     npm run try:platform -- bun              after `npm run build`
 *     npm run try:platform -- deno run -A
 *
 * The runtime must be installed. Exits 1 if a step fails, and 2 without a runtime.
 */
import "./require-node.ts";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

const ROOT = resolve(import.meta.dirname, "..");
const COMMAND = join(ROOT, "dist/src/cli/main.js");

const GUESTS = {
	hello: `
import { agent, emit } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

export const run = agent((input) => {
	emit("text: ");
	return chat().ask(input).text;
});
`,
	endless: `
import { agent } from "spear-hostcall/guest";

export const run = agent(() => {
	for (;;);
});
`,
};

/** Builds the guests and runs the trial. Returns the exit code. */
function tryPlatform(runtime: string, args: readonly string[]): number {
	const folder = mkdtempSync(join(tmpdir(), "spear-platform-"));
	try {
		mkdirSync(join(folder, "node_modules"));
		symlinkSync(ROOT, join(folder, "node_modules/spear-hostcall"), "dir");
		writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
		cpSync(join(import.meta.dirname, "platform-trial/trial.js"), join(folder, "trial.js"));
		for (const [name, source] of Object.entries(GUESTS)) {
			writeFileSync(join(folder, `${name}.ts`), source);
			const build = [COMMAND, "build", `${name}.ts`, "--world", "chat-agent"];
			const { status, stderr } = spawnSync(process.execPath, build, { cwd: folder, encoding: "utf8" });
			if (status !== 0) throw new Error(`the guest ${name} cannot be built: ${stderr}`);
		}
		const { status, error } = spawnSync(runtime, [...args, "trial.js", "hello.spear", "endless.spear"], { cwd: folder, stdio: "inherit" });
		if (error !== undefined) process.stderr.write(`${runtime} cannot be started: ${error.message}\n`);
		return error === undefined ? (status ?? 1) : 2;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const [runtime, ...args] = process.argv.slice(2);
if (runtime === undefined || !existsSync(COMMAND)) {
	process.stderr.write("usage: npm run try:platform -- <runtime> [arguments…], after npm run build\n");
	process.exitCode = 2;
} else process.exitCode = tryPlatform(runtime, args);
