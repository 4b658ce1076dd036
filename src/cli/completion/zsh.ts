import type { CommandNode, Values } from "./command-tree.ts";
import { factsOf, pattern } from "./facts.ts";

/** Returns the script for Zsh. The script may be sourced after \`compinit\`, or be a file \`_spear\` in a folder of \`fpath\`. */
export function zshScript(root: CommandNode): string {
	const { nodes, commands, withValue, values } = factsOf(root);
	return `#compdef spear
# Completion of spear for Zsh: source <(spear completion zsh)
_spear() {
	local at="spear" option="" word
	local -a commands options
	local -i i
	for ((i = 2; i < CURRENT; i++)); do
		word="\${words[i]}"
		case "$at $word" in
			(${pattern(commands)}) at="$at $word" ;;
			(${pattern(withValue)}) ((i++)) ;;
		esac
	done
	option="\${words[CURRENT - 1]}"
	if [[ $PREFIX == --*=* ]]; then
		option="\${PREFIX%%=*}"
		compset -P 1 '*='
	fi
	case "$at $option" in
${values.map((each) => `\t\t(${pattern(each.patterns)}) ${offer(each.values)}; return ;;`).join("\n")}
	esac
	case "$at" in
${nodes.map(caseOf).join("\n")}
	esac
}
if [[ "\${funcstack[1]}" == "_spear" ]]; then _spear "$@"; else compdef _spear spear; fi
`;
}

function caseOf({ path, commands, options, argument }: CommandNode): string {
	const described = (name: string, description: string): string => quoted(`${name.replaceAll(":", "\\:")}:${description}`);
	const flags = options.flatMap((option) => option.flags.map((flag) => described(flag, option.description)));
	return `		("${path}")
			options=(${flags.join(" ")})
			commands=(${commands.map(({ name, description }) => described(name, description)).join(" ")})
			if [[ $PREFIX == -* ]]; then _describe -o option options; return; fi
			(( $#commands )) && _describe command commands
			${argument === undefined ? ":" : offer(argument)} ;;`;
}

function offer(values: Values): string {
	switch (values.type) {
		case "words":
			return `compadd -- ${values.words.join(" ")}`;
		case "files":
			return "_files";
		case "any":
			return ":";
	}
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
