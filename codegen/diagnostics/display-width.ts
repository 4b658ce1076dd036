/** Columns that text takes in a terminal: 2 for wide characters such as Han, Kana, Hangul and emoji, 0 for combining marks. */

/** Letters of wide scripts, signs of these scripts, full-width forms, and emoji. */
const WIDE =
	/^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{Emoji_Presentation}\u2ff0-\u303e\u309b-\u309c\u30a0\u30fb-\u30fc\u3190-\u31ef\u3200-\u33ff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;
/** Half-width forms of Kana and Hangul, and Hangul letters that only follow others. */
const NARROW = /^[\uff61-\uffdc\u1160-\u11ff\ud7b0-\ud7ff]/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

export function displayWidth(text: string): number {
	// Most lines are ASCII.
	if (/^[\x20-\x7e]*$/.test(text)) {
		return text.length;
	}
	let width = 0;
	const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
	for (const { segment } of segmenter.segment(text)) {
		width += INVISIBLE.test(segment) ? 0 : WIDE.test(segment) && !NARROW.test(segment) ? 2 : 1;
	}
	return width;
}

/** Blanks as wide as the text. Tabs are kept: they line up whatever a tab is shown as. */
export function blanksLike(text: string): string {
	return text
		.split("\t")
		.map((part) => " ".repeat(displayWidth(part)))
		.join("\t");
}
