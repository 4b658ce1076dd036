/** `spear-codegen init`: the first files of a project. */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
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
		mkdirSync(path.dirname(target), { recursive: true });
		try {
			writeFileSync(target, text, { flag: "wx" });
			context.stdout(`wrote ${file}\n`);
		} catch (cause) {
			if (!isErrno(cause, "EEXIST")) throw cause;
			context.stdout(`left ${file} as it is\n`);
		}
	}
	context.stdout("next: `npx spear-codegen` generates; `npx spear-codegen watch` does so at each change\n");
	return EXIT.clean;
}
