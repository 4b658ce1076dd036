/** `spear-codegen explain [code]`: cause and remedy of a finding. */
import type { Command } from "commander";
import { CODES, explain } from "../diagnostics/codes.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { CodegenFailure } from "../failure.ts";
import { type Context, type Done, EXIT, printJson } from "./context.ts";

interface Flags {
	readonly json?: true;
}

export function explainCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("explain")
		.description("print cause and remedy of a finding, by its code")
		.argument("[code]", "code of the finding; all codes are listed without one")
		.option("--json", "print JSON")
		.action((code: string | undefined, flags: Flags) => done(explainTo(context, code, flags)));
}

/** @throws CodegenFailure with exit code 2 for a code that there is not */
export function explainTo(context: Context, code: string | undefined, { json }: Flags): number {
	if (code === undefined) {
		const width = Math.max(...Object.keys(CODES).map((each) => each.length));
		if (json) printJson(context, CODES);
		else for (const [each, { title }] of Object.entries(CODES)) context.stdout(`${each.padEnd(width)}  ${title}\n`);
		return EXIT.clean;
	}
	const entry = explain(code);
	if (entry === undefined) {
		const near = didYouMean(code, Object.keys(CODES));
		throw new CodegenFailure(`there is no code \`${code}\`${near === undefined ? "" : `; ${near}`}`, { exitCode: EXIT.usage });
	}
	if (json) printJson(context, { code, ...entry });
	else {
		const parts = [`${code}: ${entry.title}`, entry.cause, entry.help, entry.example?.trimEnd()];
		context.stdout(`${parts.filter((part) => part !== undefined).join("\n\n")}\n`);
	}
	return EXIT.clean;
}
