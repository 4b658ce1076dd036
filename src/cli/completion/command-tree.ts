import type { Argument, Command, Option } from "commander";

/** Values that a shell offers for an option or an argument. */
export type Values =
	| { readonly type: "words"; readonly words: readonly string[] }
	| { readonly type: "files" }
	/** Values that no shell can know. */
	| { readonly type: "any" };

export interface OptionNode {
	/** The spellings: `-c`, `--config`. */
	readonly flags: readonly string[];
	readonly description: string;
	/** Absent for an option without a value. */
	readonly values?: Values;
}

/** A command as shells complete it. */
export interface CommandNode {
	/** The words that lead to the command, such as `spear models pull`. */
	readonly path: string;
	readonly name: string;
	readonly description: string;
	readonly options: readonly OptionNode[];
	/** Values of the first argument. Absent for a command without arguments. */
	readonly argument?: Values;
	readonly commands: readonly CommandNode[];
}

/** Returns the tree of a command and its subcommands. The description of the command line is the source. */
export function commandTree(command: Command, parent = "", siblings: readonly string[] = []): CommandNode {
	const path = `${parent}${command.name()}`;
	const help = command.createHelp();
	const subcommands = help.visibleCommands(command);
	const names = subcommands.map((each) => each.name());
	const commands = subcommands.map((each) => commandTree(each, `${path} `, names));
	const [argument] = command.registeredArguments;
	return {
		path,
		name: command.name(),
		description: command.summary() || command.description(),
		options: help.visibleOptions(command).map(optionNode),
		...(argument === undefined ? {} : { argument: argumentValues(argument, command, siblings) }),
		commands,
	};
}

/** Returns a command and all below it. */
export function allCommands(root: CommandNode): CommandNode[] {
	return [root, ...root.commands.flatMap(allCommands)];
}

function optionNode({ flags, short, long, description, argChoices, required, optional }: Option): OptionNode {
	const spellings = [short, long].filter((flag) => flag !== undefined);
	if (!required && !optional) return { flags: spellings, description };
	return { flags: spellings, description, values: valuesOf(argChoices, /[<[]([^<>[\]]*)[\]>]/.exec(flags)?.[1] ?? "") };
}

/** @param siblings Commands beside this one, which are the words of `help`. */
function argumentValues(argument: Argument, command: Command, siblings: readonly string[]): Values {
	return valuesOf(command.name() === "help" ? siblings : argument.argChoices, argument.name());
}

/** @param placeholder Name of the value in the help, such as `spear.toml`, `folder` or `name`. */
function valuesOf(choices: readonly string[] | undefined, placeholder: string): Values {
	if (choices !== undefined) return { type: "words", words: choices };
	return /\.[a-z]+$|^(?:file|folder)\b/.test(placeholder) ? { type: "files" } : { type: "any" };
}
