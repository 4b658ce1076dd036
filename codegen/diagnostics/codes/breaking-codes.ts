/** Codes of breaking changes: the rules of compatibility, explained. */
import type { Effect, Party, Rule } from "../../breaking/rule.ts";
import { RULES, type RuleCode } from "../../breaking/rules.ts";
import type { CodeEntry } from "./code-entry.ts";

const WHO: { readonly [party in Party]: string } = {
	"built-guest": "guests that are built already",
	"running-guest": "the behaviour of guests that are built already",
	"composed-guest": "guests composed with other components",
	"guest-source": "source of guests",
	"host-source": "source of hosts",
	"stored-value": "values stored as JSON",
	"older-host": "guests of today on hosts built before",
};

export const BREAKING_CODES = Object.fromEntries(Object.entries(RULES).map(([code, rule]) => [code, entryOf(rule)])) as {
	readonly [code in RuleCode]: CodeEntry;
};

function entryOf({ title, effect, help }: Rule): CodeEntry {
	const effects: readonly Effect[] = "breaks" in effect ? [effect] : Object.values(effect);
	const parties = new Set(effects.flatMap(({ breaks }) => breaks));
	const list = Object.entries(WHO).flatMap(([party, words]) => ([...parties].some((each) => each === party) ? [words] : []));
	const where = effects.length > 1 ? ", depending on the direction in which the item is used" : "";
	return {
		title,
		cause: list.length === 0 ? "The change breaks nobody." : `The change can break ${joined(list)}${where}.`,
		help: `${help === undefined ? "Undo it" : help.charAt(0).toUpperCase() + help.slice(1)}, or raise the version.`,
	};
}

function joined(words: readonly string[]): string {
	return words.length === 1 ? String(words[0]) : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
