import { allCommands, type CommandNode, type OptionNode, type Values } from "./command-tree.ts";

/** Patterns of `<path of a command> <word>`, for the `case` of a shell. */
export interface Facts {
	/** Words that lead to a subcommand. */
	readonly commands: readonly string[];
	/** Options that are followed by a value. */
	readonly withValue: readonly string[];
	/** Options with their values. */
	readonly values: readonly { readonly patterns: readonly string[]; readonly values: Values }[];
	readonly nodes: readonly CommandNode[];
}

/** Returns what scripts for all shells need. */
export function factsOf(root: CommandNode): Facts {
	const nodes = allCommands(root);
	const values = nodes.flatMap((node) => node.options.flatMap((option) => optionValues(node, option)));
	return {
		nodes,
		commands: nodes.slice(1).map(({ path }) => path),
		withValue: values.flatMap(({ patterns }) => patterns),
		values,
	};
}

function optionValues({ path }: CommandNode, { flags, values }: OptionNode): Facts["values"] {
	return values === undefined ? [] : [{ patterns: flags.map((flag) => `${path} ${flag}`), values }];
}

/** Returns patterns of a `case` in double quotes. */
export function pattern(words: readonly string[], separator = " | "): string {
	return words.map((word) => `"${word}"`).join(separator);
}
