/** The command line of `spear-codegen`, for any owner of WIT. */
import { Command, CommanderError } from "commander";
import { CodegenFailure, withoutStack } from "../failure.ts";
import { stackOf } from "../stack-of.ts";
import { breakingCommand } from "./breaking.ts";
import { type Context, EXIT } from "./context.ts";
import { explainCommand } from "./explain.ts";
import { fmtCommand } from "./fmt.ts";
import { checkCommand, generateCommand } from "./generate.ts";
import { initCommand } from "./init.ts";
import { lintCommand } from "./lint.ts";
import { lsTargetsCommand } from "./ls-targets.ts";
import { watchCommand } from "./watch.ts";

const AFTER_HELP = `
Exit codes: 0 clean, 1 the generator or the machine failed, 2 wrong usage, 100 findings, 130 interrupted.

Examples:
  spear-codegen init                         begin a project
  spear-codegen                              generate what spear-codegen.json asks for
  spear-codegen wit --out gen --target docs  generate without a configuration
  spear-codegen check                        for CI: write nothing, fail if anything is out of date
  spear-codegen breaking --against main      who breaks by the changes since a commit
`;

/** Runs one command line (without `node` and the script). Returns the exit code. Never throws, never exits. */
export async function run(args: readonly string[], context: Context): Promise<number> {
	const program = new Command("spear-codegen")
		.description("Generates hosts, guests, schemas and documents from WIT, formats it, and finds what breaks.")
		.helpOption("-h, --help", "show this help")
		.addHelpText("after", AFTER_HELP);
	let exitCode: number = EXIT.clean;
	const commands = [
		generateCommand,
		checkCommand,
		watchCommand,
		initCommand,
		fmtCommand,
		lintCommand,
		breakingCommand,
		explainCommand,
		lsTargetsCommand,
	];
	for (const add of commands)
		add(program, context, (code) => {
			exitCode = code;
		});
	for (const command of [program, ...program.commands]) {
		command
			.exitOverride()
			.configureOutput({ writeOut: context.stdout, writeErr: context.stderr, outputError: (text, write) => write(text) })
			.showHelpAfterError("(--help shows all options)")
			.allowExcessArguments(false);
	}
	try {
		await program.parseAsync([...args], { from: "user" });
		// A command may have ended whole after a signal. A script that runs it is to stop.
		return context.signal?.aborted ? EXIT.interrupted : exitCode;
	} catch (thrown) {
		const cause = withoutStack(thrown);
		if (cause instanceof CommanderError) return cause.exitCode === 0 ? EXIT.clean : EXIT.usage;
		if (cause instanceof CodegenFailure) {
			context.stderr(`spear-codegen: ${cause.message}\n`);
			return cause.exitCode;
		}
		context.stderr(`spear-codegen itself failed; nothing was changed. Please report this.\n${stackOf(cause)}\n`);
		return EXIT.crash;
	}
}
