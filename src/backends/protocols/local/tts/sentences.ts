import { isSpeakable } from "./spoken-text.ts";

/**
 * Longest piece, in letters: about ten seconds of speech. A piece takes a second or two of computation, after which an aborted request is gone and
 * another one has its turn.
 */
const MAX_PIECE = 160;

/** Part of a piece, from its beginning, in which it is not cut. */
const UNCUT = 3 / 8;

/** Factor of the durations from which pieces are shorter. Slower speech of the same text takes longer to compute. */
const SLOW = 2;

/** Abbreviations whose full stop ends no sentence. */
const ABBREVIATIONS: ReadonlySet<string> = new Set([
	"mr.",
	"mrs.",
	"ms.",
	"dr.",
	"prof.",
	"st.",
	"jr.",
	"sr.",
	"vs.",
	"no.",
	"e.g.",
	"i.e.",
]);

const SEGMENTER = new Intl.Segmenter("en", { granularity: "sentence" });

/**
 * Yields the sentences of a text, long ones in pieces that end at a clause where there is one.
 *
 * @param stretch Factor of the durations of all sounds. The default is 1.
 */
export function* sentences(text: string, stretch = 1): Generator<string, void, void> {
	const most = MAX_PIECE / Math.max(1, stretch / SLOW);
	let begun = "";
	for (const { segment } of SEGMENTER.segment(text)) {
		begun += segment;
		if (begun.length <= MAX_PIECE && endsInAbbreviation(segment)) continue;
		yield* pieces(begun, most);
		begun = "";
	}
	yield* pieces(begun, most);
}

function endsInAbbreviation(segment: string): boolean {
	if (segment.endsWith("\n")) return false;
	const end = segment.trimEnd();
	const word = end.slice(end.lastIndexOf(" ") + 1);
	return ABBREVIATIONS.has(word.toLowerCase());
}

function* pieces(sentence: string, most: number): Generator<string, void, void> {
	const text = sentence.replace(/\s+/g, " ").trim();
	for (let from = 0; from < text.length; ) {
		const to = pieceEnd(text, from, most);
		const piece = text.slice(from, to).trim();
		if (isSpeakable(piece)) yield piece;
		from = to;
	}
}

/** Returns the end of the piece that starts at `from`: after a mark of punctuation, else after a blank, else at the bound. */
function pieceEnd(text: string, from: number, most: number): number {
	const bound = from + charactersIn(text, from, most);
	if (bound >= text.length) return text.length;
	let blank = 0;
	for (let at = bound; at > from + UNCUT * (bound - from); at--) {
		if (text[at] !== " ") continue;
		if (",;:.!?)".includes(text[at - 1] ?? "")) return at;
		blank ||= at;
	}
	return blank || bound;
}

/** Returns the number of characters from `from` on whose speech lasts as long as that of so many letters. */
function charactersIn(text: string, from: number, letters: number): number {
	let at = from;
	for (let length = 0; at < text.length; at++) {
		length += lettersOf(text[at] ?? "");
		if (length > letters) break;
	}
	return at - from;
}

/** Returns the number of letters whose speech lasts as long as that of a character: a digit is a word, and a symbol a longer one. */
function lettersOf(character: string): number {
	if (/[0-9]/.test(character)) return 5;
	return /[$%&+=@#*<>/]/.test(character) ? 7 : 1;
}
