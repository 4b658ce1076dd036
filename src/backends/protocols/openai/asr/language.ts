let codes: ReadonlyMap<string, string> | undefined;

/**
 * A language as a request names it: its ISO 639-1 code. Whisper and its like answer with the English name, e.g. `german`. What is
 * neither a code nor such a name stays as it is.
 */
export function languageCode(said: string): string {
	const name = said.toLowerCase();
	if (/^[a-z]{2}$/.test(name)) return name;
	codes ??= codesByName();
	return codes.get(name) ?? said;
}

function codesByName(): Map<string, string> {
	const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
	const letters = [..."abcdefghijklmnopqrstuvwxyz"];
	const known = letters.flatMap((first) =>
		letters.flatMap((second): [string, string][] => {
			const name = names.of(first + second);
			// An outdated code goes by another's name, e.g. `iw` for Hebrew.
			return name === undefined || Intl.getCanonicalLocales(first + second)[0] !== first + second
				? []
				: [[name.toLowerCase(), first + second]];
		}),
	);
	return new Map([...known, ...OTHER_NAMES]);
}

/** What Whisper calls otherwise. */
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
