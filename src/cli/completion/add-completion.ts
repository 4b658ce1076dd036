import process from "node:process";
import { Argument, type Command } from "commander";
import { EXIT } from "../exit-codes.ts";
import type { Finish } from "../options.ts";
import { bashScript } from "./bash.ts";
import { type CommandNode, commandTree } from "./command-tree.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

/** Scripts by the shell. */
const SCRIPTS: ReadonlyMap<string, (root: CommandNode) => string> = new Map([
	["bash", bashScript],
	["zsh", zshScript],
	["fish", fishScript],
]);

/** Adds `spear completion`: prints a script that is made of the commands of `spear`, with their options and words. */
export function addCompletion(spear: Command, finish: Finish): void {
	spear
		.command("completion")
		.description("Print a script that completes commands, options and their words in a shell.")
		.addArgument(new Argument("<shell>", "The shell.").choices([...SCRIPTS.keys()]))
		.action((shell: string) => {
			process.stdout.write(SCRIPTS.get(shell)?.(commandTree(spear)) ?? "");
			finish(EXIT.ok);
		});
}
