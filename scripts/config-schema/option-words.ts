/** Words of the page about backend kinds about an option. */
export interface OptionWords {
	/** Text of the column, with backticks around words of the configuration. */
	readonly fallback: string;
	readonly meaning: string;
}

/** Beginning of a meaning that another kind's section has. */
const AS_FOR = /^as for `([a-z-]+)`/;

/**
 * Returns the words about an option of a kind, from the tables of the page.
 *
 * @param option Dotted name of the option.
 * @param page Text of `src/backends/kinds/README.md`.
 * @throws Error for an option that the page does not describe.
 */
export function wordsOf(page: string, kind: string, option: string): OptionWords {
	const [, section = ""] = page.split(`\n## ${kind}\n`);
	const row = (section.split("\n## ")[0] ?? "")
		.split("\n")
		.map((line) => line.split("|").map((cell) => cell.trim()))
		.find(([, name]) => name === `\`${option}\``);
	const [, , fallback, meaning] = row ?? [];
	if (fallback === undefined || meaning === undefined) throw new Error(`the page about kinds lacks the option ${option} of ${kind}`);
	const [reference, other] = AS_FOR.exec(meaning) ?? [];
	if (reference === undefined || other === undefined) return { fallback, meaning };
	return { fallback, meaning: `${wordsOf(page, other, option).meaning}${meaning.slice(reference.length)}` };
}

/** Returns the default of an option as a value; `undefined` for a default that is no fixed value. */
export function defaultOf({ fallback }: OptionWords, type: string): string | number | boolean | undefined {
	const word = /^`([^`]+)`$/.exec(fallback)?.[1];
	if (type === "boolean") return word === "true" || word === "false" ? word === "true" : undefined;
	if (type === "string") return word;
	const [, digits] = /^(\d{1,3}(?:,\d{3})*|\d+)(?: ms)?$/.exec(fallback) ?? [];
	return type === "integer" && digits !== undefined ? Number(digits.replaceAll(",", "")) : undefined;
}

/** Returns the description of an option: one or more sentences, with the default if it is no fixed value. */
export function describeOption(words: OptionWords, hasDefault: boolean): string {
	const { fallback, meaning } = words;
	const sentence = `${meaning.slice(0, 1).toUpperCase()}${meaning.slice(1)}${/[.?!]$/.test(meaning) ? "" : "."}`;
	return hasDefault || fallback === "none" ? sentence : `${sentence} Default: ${fallback}.`;
}
