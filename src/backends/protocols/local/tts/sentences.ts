import { isSpeakable } from "./spoken-text.ts";

/**
 * Longest piece, in characters. A piece takes at most some seconds of computation, after which an aborted request is gone and another one has
 * its turn.
 */
const MAX_PIECE = 160;

/** Part of a long sentence, from its beginning, that is not cut, in characters. */
const MIN_PIECE = 60;

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

/** Yields the sentences of a text, long ones in pieces that end at a clause where there is one. */
export function* sentences(text: string): Generator<string, void, void> {
	let begun = "";
	for (const { segment } of SEGMENTER.segment(text)) {
		begun += segment;
		if (begun.length <= MAX_PIECE && endsInAbbreviation(segment)) continue;
		yield* pieces(begun);
		begun = "";
	}
	yield* pieces(begun);
}

function endsInAbbreviation(segment: string): boolean {
	if (segment.endsWith("\n")) return false;
	const end = segment.trimEnd();
	const word = end.slice(end.lastIndexOf(" ") + 1);
	return ABBREVIATIONS.has(word.toLowerCase());
}

function* pieces(sentence: string): Generator<string, void, void> {
	const text = sentence.replace(/\s+/g, " ").trim();
	for (let from = 0; from < text.length; ) {
		const to = pieceEnd(text, from);
		const piece = text.slice(from, to).trim();
		if (isSpeakable(piece)) yield piece;
		from = to;
	}
}

/** Returns the end of the piece that starts at `from`: after a mark of punctuation, else after a blank, else at the bound. */
function pieceEnd(text: string, from: number): number {
	const bound = from + MAX_PIECE;
	if (bound >= text.length) return text.length;
	let blank = 0;
	for (let at = bound; at > from + MIN_PIECE; at--) {
		if (text[at] !== " ") continue;
		if (",;:.!?)".includes(text[at - 1] ?? "")) return at;
		blank ||= at;
	}
	return blank || bound;
}
