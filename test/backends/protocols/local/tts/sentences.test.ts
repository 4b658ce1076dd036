import { test } from "uvu";
import * as assert from "uvu/assert";
import { sentences } from "../../../../../src/backends/protocols/local/tts/sentences.ts";
import { spokenText } from "../../../../../src/backends/protocols/local/tts/spoken-text.ts";
import { assertLinear, type GrowthCase } from "../../../../helpers/growth.ts";

const split = (text: string): string[] => [...sentences(text)];

test("a text is split at the ends of sentences and lines", () => {
	assert.equal(split('He paid $5.50. "Why?" he asked.\nLine two\n\nEnd'), ["He paid $5.50.", '"Why?"', "he asked.", "Line two", "End"]);
});

test("an abbreviation ends no sentence", () => {
	assert.equal(split("Dr. Smith met Mrs. Jones, i.e. Anna. They left."), ["Dr. Smith met Mrs. Jones, i.e. Anna.", "They left."]);
	assert.equal(split("See no.\nNext"), ["See no.", "Next"]);
});

test("a long sentence is cut after a clause, else after a word, else at the bound", () => {
	const clause = `${"word ".repeat(20).trim()}, ${"more ".repeat(20).trim()}.`;
	assert.equal(split(clause), [`${"word ".repeat(20).trim()},`, `${"more ".repeat(20).trim()}.`]);
	assert.equal(
		split("seven x ".repeat(30)).map(({ length }) => length),
		[159, 79],
	);
	assert.equal(
		split("x".repeat(400)).map(({ length }) => length),
		[160, 160, 80],
	);
	assert.is(split("x".repeat(400)).join(""), "x".repeat(400));
});

test("a piece is shorter the longer its characters and its pace make it last", () => {
	const longest = (text: string, stretch?: number) => Math.max(...[...sentences(text, stretch)].map(({ length }) => length));
	assert.equal(
		[longest("9".repeat(400)), longest("%".repeat(400)), longest("x".repeat(400), 2), longest("x".repeat(400), 4)],
		[32, 22, 160, 80],
	);
	assert.is(split("9%".repeat(400)).join(""), "9%".repeat(400));
});

test("pieces with nothing to say are left out", () => {
	assert.equal(split("... !!\n--\n"), []);
	assert.equal(split("Yes. ... No."), ["Yes. ...", "No."]);
	assert.equal(split("50 %"), ["50 %"]);
});

test("letters lose their accents, and typographic marks become plain ones", () => {
	assert.equal(spokenText("“Café” — it’s 20 °C, naïve Straße…"), { text: '"Cafe" ,  it\'s 20  degrees C, naive Strasse...', lost: 0 });
	assert.equal(spokenText("£5 ½ ﬁne\tend\u0000"), { text: " pounds 5 1/2 fine end ", lost: 0 });
});

test("letters and digits of other scripts are counted, and other characters are not", () => {
	assert.equal(spokenText("Hi 你好 🎉 ok"), { text: "Hi      ok", lost: 2 });
});

const count = (text: string): number => split(spokenText(text).text).length;
const GROWTH: readonly GrowthCase[] = [
	{ name: "one sentence without a blank", make: (size) => "x".repeat(size), run: count },
	{ name: "short sentences", make: (size) => "a. ".repeat(size / 3), run: count },
	{ name: "abbreviations", make: (size) => "Dr. ".repeat(size / 4), run: count },
	{ name: "combining marks", make: (size) => "\u0301".repeat(size), run: count },
];

for (const growth of GROWTH) test(`${growth.name}: the time grows with the length`, () => assertLinear(growth));

test.run();
