let codes: ReadonlyMap<string, string> | undefined;

/**
 * Returns the ISO 639-1 code of a language, as requests name languages. Whisper and similar models send the English name, such as
 * `german`. Returns any other text unchanged.
 */
export function languageCode(language: string): string {
	const name = language.toLowerCase();
	if (/^[a-z]{2}$/.test(name)) return name;
	codes ??= codesByName();
	return codes.get(name) ?? language;
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

/** Names that Whisper spells differently. */
const OTHER_NAMES: readonly [string, string][] = [
	["bengali", "bn"],
	["haitian creole", "ht"],
	["maori", "mi"],
	["myanmar", "my"],
	["nynorsk", "nn"],
	["pashto", "ps"],
	["sinhala", "si"],
	["tagalog", "tl"],
];
