import { test } from "uvu";
import * as assert from "uvu/assert";
import { markdownBlocks } from "../../../scripts/words/markdown.ts";
import { type Sentence, sentencesOf } from "../../../scripts/words/sentences.ts";

/** Sentences of Markdown. A code span or URL shows as `◆`, a no-break space as `_`. */
function sentencesIn(markdown: string): Sentence[] {
	return markdownBlocks(markdown)
		.flatMap(sentencesOf)
		.map((sentence) => ({ ...sentence, text: sentence.text.replaceAll("\uFFFC", "◆").replaceAll("\u00A0", "_") }));
}

function textsIn(markdown: string): string[] {
	return sentencesIn(markdown).map(({ text }) => text);
}

test("sentences end at a full stop, a question mark or an exclamation mark", () => {
	assert.equal(textsIn("One two. Three? Four! Five"), ["One two.", "Three?", "Four!", "Five"]);
});

test("a sentence has the line of its first word", () => {
	assert.equal(
		sentencesIn("Title here.\n\nOne two\nthree. Four\nfive. Six.").map(({ text, line }) => [text, line]),
		[
			["Title here.", 1],
			["One two\nthree.", 3],
			["Four\nfive.", 4],
			["Six.", 5],
		],
	);
});

test("an abbreviation does not end a sentence", () => {
	assert.equal(textsIn("A unit, e.g. Seconds, i.e. Time vs. Length (cf. Envoy). Next."), [
		"A unit, e.g. Seconds, i.e. Time vs. Length (cf. Envoy).",
		"Next.",
	]);
	assert.equal(textsIn("Formats (e.g. WAV) differ."), ["Formats (e.g. WAV) differ."]);
});

test("etc. ends a sentence only before an upper-case letter", () => {
	assert.equal(textsIn("Files, sockets, etc. are closed. Timers etc. Then."), ["Files, sockets, etc. are closed.", "Timers etc.", "Then."]);
});

test("a decimal and a version do not end a sentence", () => {
	assert.equal(textsIn("Ubuntu 16.04 takes 0.5 s. Version 1.2."), ["Ubuntu 16.04 takes 0.5 s.", "Version 1.2."]);
	assert.equal(textsIn("Runs on 16.04. Next."), ["Runs on 16.04.", "Next."]);
});

test("an ellipsis ends a sentence only before an upper-case letter", () => {
	assert.equal(textsIn("Waits … then goes. Waits... then goes. Waits... Then goes."), [
		"Waits … then goes.",
		"Waits... then goes.",
		"Waits...",
		"Then goes.",
	]);
	assert.equal(textsIn("Paths such as a/… end here. Lists a, b, … Next."), ["Paths such as a/… end here.", "Lists a, b, … Next."]);
});

test("a full stop inside a code span does not end a sentence, one after it does", () => {
	assert.equal(sentencesIn("Calls `a.b. C` and ``d ` e. F`` here. Returns `x.y`. Then."), [
		{ text: "Calls ◆ and ◆ here.", line: 1, words: 5 },
		{ text: "Returns ◆.", line: 1, words: 2 },
		{ text: "Then.", line: 1, words: 1 },
	]);
});

test("a code span over two lines is one word and keeps the lines", () => {
	assert.equal(
		sentencesIn("Runs `npm\nrun check` first. Then\nends.").map(({ words, line }) => [words, line]),
		[
			[3, 1],
			[2, 2],
		],
	);
});

test("a backtick without a partner is text", () => {
	assert.equal(textsIn("The mark ` stands alone. Next `` one."), ["The mark ` stands alone.", "Next `` one."]);
});

test("a link or an image counts as one word and keeps its text", () => {
	assert.equal(sentencesIn("See [the long guide](https://x.test/a.b) and [`x`][ref]."), [
		{ text: "See the_long_guide and ◆.", line: 1, words: 4 },
	]);
	assert.equal(sentencesIn("![A picture. Of this](a.svg) is here."), [{ text: "A_picture._Of_this is here.", line: 1, words: 3 }]);
});

test("a URL is one word and no sentence of its own", () => {
	assert.equal(sentencesIn("Follows https://x.test/a.html?b=c. Also <https://y.test/> here."), [
		{ text: "Follows ◆.", line: 1, words: 2 },
		{ text: "Also ◆ here.", line: 1, words: 3 },
	]);
});

test("brackets and quotation marks close with the sentence", () => {
	assert.equal(textsIn('Ends (at once.) Says "no." **Bold.** Next.'), ["Ends (at once.)", 'Says "no."', "**Bold.**", "Next."]);
	assert.equal(textsIn("Closes (see above.) and goes on."), ["Closes (see above.) and goes on."]);
});

test("punctuation alone is no word", () => {
	assert.equal(sentencesIn("A — b / c & d."), [{ text: "A — b / c & d.", line: 1, words: 4 }]);
});

test("hostile text is split in linear time", () => {
	const times = 20_000;
	const one = ["[a](", "{@a ", "<a ", "https://", "<!--a", "<!-- a: made by b -->", "(a", "a`", "a`` b` ", "a…", "a ... ", "> a ", "- a"];
	for (const text of one) assert.is(sentencesIn(text.repeat(times)).length, text.startsWith("<!-- ") ? 0 : 1, text);
	const none = ["`", "[", "(", ".", "…", "*", "| ", "> ", "- "];
	for (const text of none) assert.is(sentencesIn(text.repeat(times)).length, 0, text);
	for (const text of ["a. ", "a.\n", "| a ", "- a\n", "# a\n", "a\n\n"]) assert.is(sentencesIn(text.repeat(times)).length, times, text);
});

test.run();
