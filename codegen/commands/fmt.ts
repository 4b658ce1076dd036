/** `spear-codegen fmt [path…]`: WIT files, formatted. */
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { DiagnosticCollector } from "../diagnostics/collector.ts";
import { counted } from "../diagnostics/words.ts";
import { CodegenFailure } from "../failure.ts";
import { formatWit } from "../format/format.ts";
import { throwIfInterrupted } from "../interruption.ts";
import { shown } from "../shown-path.ts";
import { parseFile } from "../wit/parse.ts";
import { SourceFile } from "../wit/source-file.ts";
import { isErrno } from "../write/disk.ts";
import { type Context, type Done, EXIT } from "./context.ts";
import { exitOf, type FormatFlags, formatOption, printFindings } from "./findings.ts";

interface Flags extends FormatFlags {
	readonly check?: true;
}

export function fmtCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("fmt")
		.description("format WIT files in place; comments and their places are kept")
		.argument("[path...]", "files and directories (without their `deps/`); `-` for standard input", ["wit"])
		.option("--check", "write nothing; list the files that are not formatted, and exit 100 if there are any")
		.addOption(formatOption())
		.action(async (paths: string[], flags: Flags) => done(await format(context, paths, flags)));
}

export async function format(context: Context, paths: readonly string[], flags: Flags): Promise<number> {
	if (paths.includes("-")) {
		const source = new SourceFile("standard input", await context.stdin());
		const found = faultsOf(source);
		printFindings(context, flags.format, found.list(), new Map([[source.path, source.text]]));
		if (!found.hasErrors && flags.format === "text" && !flags.check) context.stdout(formatWit(source.text));
		if (found.hasErrors) return EXIT.findings;
		return flags.check && formatWit(source.text) !== source.text ? EXIT.findings : EXIT.clean;
	}
	const found = new DiagnosticCollector();
	const sources = new Map<string, string>();
	const changed: string[] = [];
	const files = paths.flatMap((each) => witFiles(path.resolve(context.cwd, each), each));
	for (const file of files) {
		await throwIfInterrupted(context.signal, flags.check ? undefined : `${counted(changed.length, "file")} formatted`);
		const text = readWitFile(file, shown(context.cwd, file));
		const source = new SourceFile(shown(context.cwd, file), text);
		const faults = faultsOf(source);
		sources.set(source.path, text);
		for (const each of faults.list()) found.add(each);
		// A formatter that guessed at what is missing could lose something.
		if (faults.hasErrors) continue;
		const formatted = formatWit(text);
		if (formatted === text) continue;
		changed.push(source.path);
		if (!flags.check) replaceFile(file, source.path, formatted);
	}
	printFindings(context, flags.format, found.list(), sources);
	if (flags.format === "text") {
		for (const file of changed) context.stdout(`${file}\n`);
		const what = flags.check ? `${counted(changed.length, "file")} not formatted` : `${counted(changed.length, "file")} formatted`;
		context.stderr(`${what}, ${files.length - changed.length} unchanged\n`);
	}
	return flags.check && changed.length > 0 ? EXIT.findings : exitOf(found.list());
}

function faultsOf(source: SourceFile): DiagnosticCollector {
	const found = new DiagnosticCollector();
	parseFile(source, found);
	return found;
}

/** A file, or the WIT files of a directory and of what is below it except for `deps/`, in the order of their names. */
function witFiles(place: string, label: string): string[] {
	try {
		if (!statSync(place).isDirectory()) return [place];
		return readdirSync(place, { withFileTypes: true })
			.sort((a, b) => (a.name < b.name ? -1 : 1))
			.flatMap((entry) => {
				const inner = path.join(place, entry.name);
				if (entry.isDirectory()) return entry.name === "deps" || entry.name === "node_modules" ? [] : witFiles(inner, label);
				return entry.isFile() && entry.name.endsWith(".wit") ? [inner] : [];
			});
	} catch (cause) {
		if (!isErrno(cause, "ENOENT", "ENOTDIR", "EACCES")) throw cause;
		throw new CodegenFailure(`cannot read ${label}: ${cause.message}`, { cause, exitCode: EXIT.usage });
	}
}

function readWitFile(file: string, label: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (cause) {
		if (!(cause instanceof Error)) throw cause;
		throw new CodegenFailure(`cannot read ${label}: ${cause.message}`, { cause, exitCode: EXIT.usage });
	}
}

/**
 * Replaces a file in one step, with the permissions it has.
 *
 * @throws CodegenFailure when it cannot be written; the file is as it was then
 */
function replaceFile(file: string, label: string, text: string): void {
	const draft = `${file}.${process.pid}.draft`;
	try {
		writeFileSync(draft, text, { mode: statSync(file).mode });
		renameSync(draft, file);
	} catch (cause) {
		rmSync(draft, { force: true });
		if (!(cause instanceof Error)) throw cause;
		throw new CodegenFailure(`cannot write ${label}: ${cause.message}; the file is as it was`, { cause });
	}
}
