import { shortestCode } from "../upstream-language.ts";

let codes: ReadonlyMap<string, string> | undefined;

/**
 * Returns the ISO 639 code of a language: two letters if there are any, else three. Whisper and similar models send the English name, such
 * as `german`. Returns any other text unchanged.
 */
export function languageCode(language: string): string {
	const name = language.toLowerCase();
	if (/^[a-z]{2}$/.test(name)) return name;
	codes ??= codesByName();
	const code = codes.get(name);
	if (code !== undefined) return code;
	return /^[a-z]{3}$/.test(name) ? shortestCode(name) : language;
}

function codesByName(): Map<string, string> {
	const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
	const letters = [..."abcdefghijklmnopqrstuvwxyz"];
	const known = letters.flatMap((first) =>
		letters.flatMap((second): [string, string][] => {
			const name = names.of(first + second);
			// Skips outdated codes, such as `iw` for Hebrew: they have the name of the current code.
			return name === undefined || Intl.getCanonicalLocales(first + second)[0] !== first + second
				? []
				: [[name.toLowerCase(), first + second]];
		}),
	);
	return new Map([...known, ...OTHER_NAMES]);
}

/** Names that Whisper spells differently, and its languages that have no code of two letters. */
const OTHER_NAMES: readonly [string, string][] = [
	["bengali", "bn"],
	["cantonese", "yue"],
	["haitian creole", "ht"],
	["hawaiian", "haw"],
	["maori", "mi"],
	["myanmar", "my"],
	["nynorsk", "nn"],
	["pashto", "ps"],
	["sinhala", "si"],
	["tagalog", "tl"],
];
