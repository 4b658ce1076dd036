import { test } from "uvu";
import * as assert from "uvu/assert";
import { scoredWords, wordErrors } from "../../../scripts/wer/word-errors.ts";

test("case, punctuation, hyphens and apostrophes do not count, and numbers are words", () => {
	assert.equal(scoredWords("It's to-morrow: “Yes!”"), ["its", "tomorrow", "yes"]);
	assert.equal(scoredWords("87 men, 1,200 cats and 50"), [..."eighty seven men one thousand two hundred cats and fifty".split(" ")]);
	assert.equal(scoredWords("0 13 100 999999 1000000"), [
		..."zero thirteen one hundred nine hundred ninety nine thousand nine hundred ninety nine".split(" "),
	]);
});

test("errors are the replaced, inserted and missing words", () => {
	const errors = (heard: string): number => wordErrors("The boy was there.", heard).errors;
	assert.equal(
		["the boy was there", "a boy was there", "boy was there", "with the boy was there", "", "so what is this then"].map(errors),
		[0, 1, 1, 1, 4, 5],
	);
	assert.is(wordErrors("The boy was there.", "").words, 4);
});

test.run();
