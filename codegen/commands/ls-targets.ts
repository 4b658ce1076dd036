/** `spear-codegen ls-targets`: what can be generated. */
import type { Command } from "commander";
import { GENERAL_TARGETS } from "../emit/targets.ts";
import { type Context, type Done, EXIT, printJson } from "./context.ts";

interface Flags {
	readonly json?: true;
}

export function lsTargetsCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("ls-targets")
		.description("list what can be generated")
		.option("--json", "print JSON")
		.action((flags: Flags) => done(lsTargets(context, flags)));
}

export function lsTargets(context: Context, { json }: Flags): number {
	const targets = Object.entries(GENERAL_TARGETS).map(([name, { description }]) => ({ name, description }));
	if (json) printJson(context, targets);
	else for (const { name, description } of targets) context.stdout(`${name.padEnd(10)} ${description}\n`);
	return EXIT.clean;
}
