import type { CommandNode, OptionNode, Values } from "./command-tree.ts";
import { factsOf, pattern } from "./facts.ts";

/** Returns the script for Fish. */
export function fishScript(root: CommandNode): string {
	const { nodes, commands, withValue } = factsOf(root);
	return `# Completion of spear for Fish: spear completion fish | source
function __spear_at
	set -l at spear
	set -l skip no
	set -l words (commandline -opc)
	set -e words[1]
	for word in $words
		if test $skip = yes
			set skip no
			continue
		end
		switch "$at $word"
			case ${pattern(commands, " ")}
				set at "$at $word"
			case ${pattern(withValue, " ")}
				set skip yes
		end
	end
	test "$at" = "$argv[1]"
end
complete -c spear -e
complete -c spear -f
${nodes.flatMap(linesOf).join("\n")}
`;
}

function linesOf({ path, commands, options, argument }: CommandNode): string[] {
	const here = `complete -c spear -n '__spear_at "${path}"'`;
	return [
		...commands.map(({ name, description }) => `${here} -a ${name} -d ${quoted(description)}`),
		...options.map((option) => `${here} ${optionPart(option)} -d ${quoted(option.description)}`),
		...(argument === undefined || argument.type === "any" ? [] : [`${here} ${valuePart(argument)}`]),
	];
}

function optionPart({ flags, values }: OptionNode): string {
	const spelled = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(" ");
	return values === undefined ? spelled : `${spelled} -r ${valuePart(values)}`;
}

function valuePart(values: Values): string {
	switch (values.type) {
		case "words":
			return `-f -a ${quoted(values.words.join(" "))}`;
		case "files":
			return "-F";
		case "any":
			return "-f";
	}
}

function quoted(text: string): string {
	return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
