/**
 * Text in the characters that an English voice reads: printable ASCII. Letters lose their accents. Characters without a counterpart become
 * blanks, because the synthesizer reads their bytes otherwise.
 */
export interface SpokenText {
	readonly text: string;
	/** Number of letters and digits that are lost, for example those of other scripts. */
	readonly lost: number;
}

/** Characters without a decomposition, by what stands for them. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map([
	...Array.from("‘’‚′`", (quote): [string, string] => [quote, "'"]),
	...Array.from("“”„«»″", (quote): [string, string] => [quote, '"']),
	...Array.from("‐‑‒−", (hyphen): [string, string] => [hyphen, "-"]),
	...Array.from("–—―", (dash): [string, string] => [dash, ", "]),
	["⁄", "/"],
	["€", " euros "],
	["£", " pounds "],
	["×", " times "],
	["°", " degrees "],
	["ß", "ss"],
	["æ", "ae"],
	["Æ", "Ae"],
	["œ", "oe"],
	["Œ", "Oe"],
	["ø", "o"],
	["Ø", "O"],
	["ł", "l"],
	["Ł", "L"],
	["đ", "d"],
	["ı", "i"],
	["þ", "th"],
	["ð", "th"],
]);

const WORD_CHARACTER = /[\p{L}\p{N}]/u;

/** Returns a text as an English voice reads it. Line ends remain. */
export function spokenText(text: string): SpokenText {
	let lost = 0;
	const spoken = text.normalize("NFKD").replace(/[^\n\x20-\x7e]|`/gu, (character) => {
		const replacement = REPLACEMENTS.get(character);
		if (replacement !== undefined) return replacement;
		if (/\p{M}/u.test(character)) return "";
		if (WORD_CHARACTER.test(character)) lost++;
		return " ";
	});
	return { text: spoken, lost };
}

/** Returns true if a text holds something to say: a letter, a digit or a symbol with a name. */
export function isSpeakable(text: string): boolean {
	return /[A-Za-z0-9$%&+=@#*<>/]/.test(text);
}
