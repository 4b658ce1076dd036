/** Commands that make one file of the repository out of others. */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

export interface MadeFile {
	/** The command as people type it, e.g. `npm run models`. */
	readonly command: string;
	readonly file: string;
	make(): string | Promise<string>;
	/** True if the command without options prints the file. */
	readonly prints: boolean;
	/** Line for a file that differs, without its end. */
	readonly differs: string;
}

/** Runs a command with its arguments: `--write` or `--check`. Returns the exit code: 0, 1 if the file differs, 2 for wrong arguments. */
export async function runMadeFile({ command, file, make, prints, differs }: MadeFile, args: readonly string[]): Promise<number> {
	const [option, ...more] = args;
	const isKnown = option === "--write" || option === "--check" || (option === undefined && prints);
	if (more.length > 0 || !isKnown) {
		process.stderr.write(`usage: ${command} -- ${prints ? "[--write | --check]" : "--write | --check"}\n`);
		return 2;
	}
	const text = await make();
	if (option === "--write") writeFileSync(file, text);
	else if (option === undefined) process.stdout.write(text);
	else if (readFileSync(file, "utf8") !== text) {
		process.stderr.write(`${differs}\n`);
		return 1;
	}
	return 0;
}
