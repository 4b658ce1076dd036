import type { CommandNode } from "./command-tree.ts";
import { factsOf, pattern } from "./facts.ts";

/**
 * Returns the script for Bash 3.2 and newer. File names are the default of Bash: the script turns them off where they do not fit, as far as the
 * version can.
 */
export function bashScript(root: CommandNode): string {
	const { nodes, commands, withValue, values } = factsOf(root);
	return `# Completion of spear for Bash: eval "$(spear completion bash)"
_spear() {
	local cur="\${COMP_WORDS[COMP_CWORD]}" prev="" at="spear" words="" options="" files="" i word
	((COMP_CWORD > 0)) && prev="\${COMP_WORDS[COMP_CWORD - 1]}"
	# Bash splits --option=value at the sign.
	if [[ $cur == "=" ]]; then
		cur=""
	elif [[ $prev == "=" ]] && ((COMP_CWORD > 1)); then
		prev="\${COMP_WORDS[COMP_CWORD - 2]}"
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		word="\${COMP_WORDS[i]}"
		case "$at $word" in
			${pattern(commands)}) at="$at $word" ;;
			${pattern(withValue)}) if [[ \${COMP_WORDS[i + 1]-} == "=" ]]; then ((i += 2)); else ((i++)); fi ;;
		esac
	done
	COMPREPLY=()
	case "$at $prev" in
${values.map((each) => `\t\t${pattern(each.patterns)}) ${each.values.type === "files" ? "return" : `words="${each.values.type === "words" ? each.values.words.join(" ") : ""}" at=""`} ;;`).join("\n")}
	esac
	case "$at" in
${nodes.map(caseOf).join("\n")}
	esac
	if [[ $cur == -* && -n $at ]]; then words="$options" files=""; fi
	if [[ -z $files ]]; then compopt +o default +o bashdefault 2>/dev/null; fi
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _spear spear
`;
}

function caseOf({ path, commands, options, argument }: CommandNode): string {
	const words = argument?.type === "words" ? argument.words : commands.map(({ name }) => name);
	const files = argument?.type === "files" ? ' files="yes"' : "";
	return `\t\t"${path}") words="${words.join(" ")}" options="${options.flatMap(({ flags }) => flags).join(" ")}"${files} ;;`;
}
