/** `spear-codegen [dir…]`, and `check`: the files of all targets. */
import * as path from "node:path";
import type { Command } from "commander";
import { cacheDirectory } from "../cache/directory.ts";
import { nearestName } from "../diagnostics/suggest.ts";
import { CodegenFailure, withoutStack } from "../failure.ts";
import { Interruption, lockOptions } from "../interruption.ts";
import type { Outcome } from "../report.ts";
import { reportRun } from "../report-run.ts";
import { isClean } from "../run.ts";
import { shown } from "../shown-path.ts";
import { statOf } from "../write/disk.ts";
import { type Context, type Done, EXIT } from "./context.ts";
import { type FormatFlags, formatOption, printFindings } from "./findings.ts";
import { runGeneral } from "./run-general.ts";
import { readSettings, type SettingsFlags } from "./settings.ts";

export interface GenerateFlags extends FormatFlags, SettingsFlags {
	readonly force?: true;
	readonly cache: boolean;
}

/** Argument and options of every command that generates. */
export function generateOptions(command: Command): Command {
	return command
		.argument("[dir...]", "directories of WIT packages, each with its `deps/`")
		.option("--out <dir>", "directory to generate into (default: that of the configuration, or generated/)")
		.option("--target <names>", "targets, with commas between them; `ls-targets` lists them", joined)
		.option("--config <file>", "configuration (default: spear-codegen.json, if it is there)")
		.option("--force", "overwrite generated files that were changed by hand, keeping each as <file>.edited")
		.option("--no-cache", "make everything again, and keep nothing for the next run")
		.addOption(formatOption());
}

/** The values of an option that is given several times. */
function joined(value: string, earlier: string | undefined): string {
	return earlier === undefined ? value : `${earlier},${value}`;
}

export function generateCommand(program: Command, context: Context, done: Done): Command {
	return generateOptions(program.command("generate", { isDefault: true }).description("generate the files of all targets")).action(
		async (dirs: string[], flags: GenerateFlags) => {
			refuseMistypedCommand(program, context.cwd, dirs);
			done(await generate(context, dirs, flags, "write"));
		},
	);
}

/** Without a command, the first word names a directory. If there is no such directory, the word may be a mistyped command. */
function refuseMistypedCommand(program: Command, cwd: string, [word]: readonly string[]): void {
	if (word === undefined || statOf(path.resolve(cwd, word)) !== undefined) return;
	const meant = nearestName(
		word,
		program.commands.map((command) => command.name()),
	);
	if (meant === undefined) return;
	throw new CodegenFailure(`there is no command and no directory \`${word}\`; did you mean \`spear-codegen ${meant}\`?`, {
		exitCode: EXIT.usage,
	});
}

export function checkCommand(program: Command, context: Context, done: Done): Command {
	return generateOptions(
		program.command("check").description("write nothing; exit 100 with a unified diff if anything is out of date"),
	).action(async (dirs: string[], flags: GenerateFlags) => done(await generate(context, dirs, flags, "check")));
}

export async function generate(context: Context, dirs: readonly string[], flags: GenerateFlags, mode: "write" | "check"): Promise<number> {
	const started = performance.now();
	const { settings, diagnostics, sources } = readSettings(context.cwd, dirs, flags);
	if (settings === undefined) {
		printFindings(context, flags.format, diagnostics, sources);
		return EXIT.findings;
	}
	const cache = flags.cache ? cacheDirectory(settings.out) : undefined;
	const common = { mode, out: `${shown(context.cwd, settings.out)}/`, command: "spear-codegen" } as const;
	const interruption = new Interruption(context.signal);
	let outcome: Outcome;
	try {
		const run = runGeneral({
			settings,
			mode,
			force: flags.force ?? false,
			cwd: context.cwd,
			beforeWrite: interruption.beforeWrite,
			lock: lockOptions("run", context.stderr, context.signal),
			...(cache === undefined ? {} : { cache }),
		});
		const result = await interruption.during(run);
		outcome = { ...common, result, exitCode: isClean(result) ? EXIT.clean : EXIT.findings, durationMs: performance.now() - started };
	} catch (thrown) {
		const cause = withoutStack(thrown);
		if (!(cause instanceof CodegenFailure)) throw cause;
		outcome = { ...common, failure: cause.message, exitCode: cause.exitCode, durationMs: performance.now() - started };
	}
	await reportRun(flags.format, outcome, context);
	return outcome.exitCode;
}
