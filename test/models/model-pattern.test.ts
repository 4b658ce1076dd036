import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPattern, matchModel, specificity } from "../../src/models/model-pattern.ts";

test("a plain name matches itself only", () => {
	assert.is(matchModel("small", "small"), "");
	assert.is(matchModel("small", "smaller"), undefined);
	assert.is(matchModel("a.c", "abc"), undefined);
});

test("a pattern's star stands for one or more characters, wherever it is", () => {
	assert.is(matchModel("gpt-*", "gpt-5-mini"), "5-mini");
	assert.is(matchModel("gpt-*", "gpt-"), undefined);
	assert.is(matchModel("gpt-*", "my-gpt-5"), undefined);
	assert.is(matchModel("*:free", "vendor/x:free"), "vendor/x");
	assert.is(matchModel("qwen-*-instruct", "qwen-7b-instruct"), "7b");
	assert.is(matchModel("*", "anything"), "anything");
	assert.is(matchModel("*", ""), undefined);
});

test("what stands before and after the star does not overlap", () => {
	assert.is(matchModel("aba*ba", "aba"), undefined);
	assert.is(matchModel("ab*ba", "abba"), undefined);
	assert.is(matchModel("ab*ba", "abxba"), "x");
});

test("says which names are patterns, and how much each fixes", () => {
	assert.equal(["small", "gpt-*", "*"].map(isPattern), [false, true, true]);
	assert.equal(["small", "gpt-*", "*"].map(specificity), [5, 4, 0]);
});

test.run();
