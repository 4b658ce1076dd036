import { test } from "uvu";
import * as assert from "uvu/assert";
import { bySpecificity, isPattern, matchModel } from "../../src/models/model-pattern.ts";

test("a plain name matches only itself", () => {
	assert.is(matchModel("small", "small"), "");
	assert.is(matchModel("small", "smaller"), undefined);
	assert.is(matchModel("a.c", "abc"), undefined);
});

test("a pattern's star matches one or more characters at any place", () => {
	assert.is(matchModel("gpt-*", "gpt-5-mini"), "5-mini");
	assert.is(matchModel("gpt-*", "gpt-"), undefined);
	assert.is(matchModel("gpt-*", "my-gpt-5"), undefined);
	assert.is(matchModel("*:free", "vendor/x:free"), "vendor/x");
	assert.is(matchModel("qwen-*-instruct", "qwen-7b-instruct"), "7b");
	assert.is(matchModel("*", "anything"), "anything");
	assert.is(matchModel("*", ""), undefined);
});

test("the fixed parts of a pattern do not overlap in a match", () => {
	assert.is(matchModel("aba*ba", "aba"), undefined);
	assert.is(matchModel("ab*ba", "abba"), undefined);
	assert.is(matchModel("ab*ba", "abxba"), "x");
});

test("a name is a pattern if it holds a star", () => {
	assert.is(isPattern("small"), false);
	assert.is(isPattern("gpt-*"), true);
	assert.is(isPattern("*"), true);
});

test("patterns sort by the length of their fixed part, longest first", () => {
	assert.equal(["*", "gpt-5-*", "gpt-*"].sort(bySpecificity), ["gpt-5-*", "gpt-*", "*"]);
});

test.run();
