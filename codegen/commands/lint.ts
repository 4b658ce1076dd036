/** `spear-codegen lint [dir]`: faults of a package, without generation. */
import * as path from "node:path";
import type { Command } from "commander";
import { Option } from "commander";
import { summary } from "../diagnostics/render-text.ts";
import { throwIfInterrupted } from "../interruption.ts";
import { lintProfiles, type ProfileName } from "../lint/profiles.ts";
import type { Context, Done } from "./context.ts";
import { exitOf, type FormatFlags, formatOption, printFindings } from "./findings.ts";
import { readPackage } from "./read-package.ts";

interface Flags extends FormatFlags {
	readonly profile: ProfileName;
}

export function lintCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("lint")
		.description("find faults in a WIT package, and what its users would miss")
		.argument("[dir]", "directory of the WIT package", "wit")
		.addOption(new Option("--profile <name>", "rules beyond those of WIT itself").choices(Object.keys(lintProfiles)).default("general"))
		.addOption(formatOption())
		.action(async (dir: string, flags: Flags) => done(await lint(context, dir, flags)));
}

export async function lint(context: Context, dir: string, { profile, format }: Flags): Promise<number> {
	const { model, diagnostics, sources, place } = await readPackage(path.resolve(context.cwd, dir), context.cwd);
	await throwIfInterrupted(context.signal);
	const found = model === undefined ? diagnostics : [...diagnostics, ...lintProfiles[profile](model).map(place)];
	printFindings(context, format, found, sources);
	if (format === "text") context.stderr(`${summary(found)}\n`);
	return exitOf(found);
}
