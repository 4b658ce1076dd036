/** `spear-codegen init`: the first files of a project. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { CodegenFailure } from "../failure.ts";
import { isErrno, statOf } from "../write/disk.ts";
import { type Context, type Done, EXIT } from "./context.ts";
import { CONFIG_NAME } from "./settings.ts";

const CONFIG = `{
	"$schema": "./node_modules/spear-hostcall/dist/codegen/spear-codegen.schema.json",
	"wit": ["wit"],
	"out": "generated",
	"targets": ["host-ts", "guest-ts"]
}
`;

const WIT = `package example:greeter@0.1.0;

/// What the host offers.
interface names {
    /// Name of the person to greet. Fails if nobody is there.
    current: func() -> result<string, string>;
}

/// A guest that greets.
world greeter {
    import names;

    /// Greeting in a language, e.g. \`en\`.
    export greet: func(language: string) -> string;
}
`;

export function initCommand(program: Command, context: Context, done: Done): Command {
	return program
		.command("init")
		.description(`begin a project: ${CONFIG_NAME} and, if there is no wit/, a world to begin with; nothing is overwritten`)
		.action(() => done(init(context)));
}

export function init(context: Context): number {
	const hasWit = statOf(path.join(context.cwd, "wit")) !== undefined;
	const files = [[CONFIG_NAME, CONFIG], ...(hasWit ? [] : [["wit/world.wit", WIT]])] as const;
	for (const [file = "", text = ""] of files) {
		const target = path.join(context.cwd, file);
		context.stdout(create(target, file, text) ? `wrote ${file}\n` : `left ${file} as it is\n`);
	}
	context.stdout("next: `npx spear-codegen` generates; `npx spear-codegen watch` does so at each change\n");
	return EXIT.clean;
}

/**
 * Creates a file with its directory. Returns false if the file is there already.
 *
 * @throws CodegenFailure when it cannot be written; there is no file then
 */
function create(target: string, label: string, text: string): boolean {
	try {
		mkdirSync(path.dirname(target), { recursive: true });
		writeFileSync(target, text, { flag: "wx" });
		return true;
	} catch (cause) {
		if (isErrno(cause, "EEXIST")) return false;
		if (!(cause instanceof Error)) throw cause;
		rmSync(target, { force: true });
		throw new CodegenFailure(`cannot write ${label}: ${cause.message}`, { cause });
	}
}
