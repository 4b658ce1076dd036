/** "Did you mean": near names are found, far ones are not forced on anyone. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { didYouMean, editDistance, nearestName } from "../../../codegen/diagnostics/suggest.ts";

const test = suite("suggestions");

test("edits are counted: insert, delete, replace, swap", () => {
	assert.is(editDistance("", "abc"), 3);
	assert.is(editDistance("abc", "abc"), 0);
	assert.is(editDistance("abc", "abd"), 1);
	assert.is(editDistance("abcd", "abdc"), 1);
	assert.is(editDistance("kitten", "sitting"), 3);
	assert.is(editDistance("kitten", "sitting", 2), 2);
});

test("the nearest of several wins, the first of equals", () => {
	assert.is(nearestName("recrod", ["resource", "record", "world"]), "record");
	assert.is(nearestName("tape", ["tale", "tame"]), "tale");
});

test("case is not held against a name", () => {
	assert.is(nearestName("String", ["string", "strings"]), "string");
});

test("a name too far away is not suggested, and short names are not guessed", () => {
	assert.is(nearestName("session", ["message", "poll"]), undefined);
	assert.is(nearestName("c", ["a", "b"]), undefined);
	assert.is(nearestName("C", ["a", "c"]), "c");
	assert.is(didYouMean("pont", ["point"]), "did you mean `point`?");
	assert.is(didYouMean("pont", []), undefined);
});

test.run();
