import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { scratch } from "../../helpers/guest.ts";

export type Shell = "bash" | "zsh" | "fish";

const PROMPT = "ready-for-a-line ";

/** Returns true if a program is installed. Prints a line if it is not. */
export function isInstalled(program: string): boolean {
	try {
		execFileSync("which", [program], { stdio: "ignore" });
		return true;
	} catch {
		console.log(`SKIP completion: ${program} is not installed`);
		return false;
	}
}

/** The first lines of an interactive shell: the script, and a command `spear` that prints its arguments. */
const START: Readonly<Record<"bash" | "zsh", (script: string) => string>> = {
	bash: (script) =>
		`bind 'set enable-bracketed-paste off'\nPS1='${PROMPT}'\nspear() { printf 'GOT<%s>' "$*"; echo; }\nsource '${script}'\n`,
	zsh: (script) =>
		`autoload -Uz compinit && compinit -u -D\nunsetopt zle_bracketed_paste\nunset zle_bracketed_paste\nPROMPT='${PROMPT}'\nspear() { print -r "GOT<$*>" }\nsource '${script}'\n`,
};

/** Types a line into an interactive shell on a terminal. Returns the arguments that the command then received. */
export function typeLine(shell: "bash" | "zsh", script: string, line: string, cwd: string): Promise<string> {
	const folder = join(scratch(), `shell-${shell}`);
	mkdirSync(folder, { recursive: true });
	const start = join(folder, shell === "zsh" ? ".zshrc" : "bashrc");
	writeFileSync(start, START[shell](script));
	const command = shell === "zsh" ? "zsh -d -i" : `bash --noprofile --rcfile '${start}' -i`;
	const env = { ...process.env, ZDOTDIR: folder, HOME: folder, TERM: "dumb", INPUTRC: "/dev/null" };
	return new Promise((resolve, reject) => {
		const child = spawn("script", ["-qfec", command, "/dev/null"], { cwd, env });
		let output = "";
		let typed = false;
		child.stdout.on("data", (data: Buffer) => {
			output += data.toString();
			if (!typed && output.includes(PROMPT)) {
				typed = true;
				child.stdin.write(`${line}\n`);
			}
			const got = /GOT<([^>]*)>/.exec(output)?.[1];
			if (got === undefined) return;
			child.kill();
			resolve(got);
		});
		child.on("error", reject);
		child.on("close", () => reject(new Error(`the shell ended: ${output}`)));
	});
}

/** Returns what Fish offers for a line. */
export function fishOffers(script: string, line: string, cwd: string): string[] {
	const folder = join(scratch(), "shell-fish");
	mkdirSync(folder, { recursive: true });
	const program = `source '${script}'; complete -C '${line}'`;
	const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
	const output = execFileSync("fish", ["--no-config", "-c", program], { cwd, env, encoding: "utf8" });
	return output
		.split("\n")
		.filter((offer) => offer !== "")
		.map((offer) => offer.split("\t")[0] ?? "");
}

/** Returns what the script for Bash offers for words, the last of which is begun. */
export function bashOffers(script: string, words: readonly string[], cwd: string): string[] {
	const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spear; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const output = execFileSync("bash", ["--norc", "-u", "-c", program, "bash", script, ...words], { cwd, encoding: "utf8" });
	return output.split("\n").filter((offer) => offer !== "");
}
