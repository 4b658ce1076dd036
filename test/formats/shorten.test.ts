import { test } from "uvu";
import * as assert from "uvu/assert";
import { shorten } from "../../src/formats/shorten.ts";

test("a text within the limit stays whole", () => {
	assert.is(shorten("abcd", 4), "abcd");
});

test("a longer text is cut to the limit, the ellipsis included", () => {
	assert.is(shorten("abcde", 4), "abc…");
});

test("a cut within a character of two units drops the whole character", () => {
	assert.is(shorten("ab\u{1f600}cd", 4), "ab…");
});

test.run();
