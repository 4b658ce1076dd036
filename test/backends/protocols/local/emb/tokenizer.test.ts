import { test } from "uvu";
import * as assert from "uvu/assert";
import { Tokenizer } from "../../../../../src/backends/protocols/local/emb/tokenizer.ts";
import { assertLinear, type GrowthCase } from "../../../../helpers/growth.ts";

const RESERVED = ["�", "<s>", "</s>", "x1", "x2", "x3"].map((piece): [string, number | null] => [piece, 0]);

/** Returns a tokenizer whose first piece has the id 6. */
const tokenizerOf = (...pieces: readonly (readonly [string, number | null])[]): Tokenizer => new Tokenizer([...RESERVED, ...pieces]);

const tokenizer = tokenizerOf(["▁the", -1], ["▁", -2], ["the", -4], ["t", -5], ["he", -3], ["h", -5], ["e", -5]);

test("the pieces with the largest sum of scores are chosen", () => {
	assert.equal(tokenizer.encode("the"), [6]);
	assert.equal(tokenizer.encode("thethe"), [6, 8], "'the' is better than 't' and 'he'");
	assert.equal(tokenizer.encode("he t"), [7, 10, 7, 9]);
});

test("blanks in a row are one, and those at the ends none", () => {
	assert.equal(tokenizer.encode("  the \n\t the "), [6, 6]);
	assert.equal(tokenizer.encode(" "), []);
});

test("characters in a row that no piece has are one unknown token", () => {
	assert.equal(tokenizer.encode("the 你好🎉 the"), [6, 7, 0, 6]);
	assert.equal(tokenizer.encode("xthe"), [7, 0, 8]);
});

test("compatible characters are read as their plain forms", () => {
	assert.equal(tokenizer.encode("ｔｈｅ"), [6]);
});

test("a piece without a score has that of the piece before", () => {
	const sparse = tokenizerOf(["▁", -1], ["a", -2], [":", null], ["a:", -3.9]);
	assert.equal(sparse.encode("a:"), [6, 9]);
});

test("a vocabulary of another form is refused", () => {
	assert.throws(() => new Tokenizer({}), /the vocabulary is no list of pieces/);
	assert.throws(() => tokenizerOf(["a", -1], [3 as never, -1]), /piece 7 of the vocabulary is no pair/);
});

const long = tokenizerOf(["▁", -1], ["a", -2], ["aa", -3], ["a".repeat(16), -9]);
const GROWTH: readonly GrowthCase[] = [
	{ name: "one word of known pieces", make: (size) => "a".repeat(size), run: (text: string) => long.encode(text).length },
	{ name: "unknown characters", make: (size) => "你".repeat(size), run: (text: string) => long.encode(text).length },
	{ name: "blanks", make: (size) => " \n".repeat(size / 2), run: (text: string) => long.encode(text).length },
];

for (const growth of GROWTH) test(`${growth.name}: the time grows with the length`, () => assertLinear(growth));

test.run();
