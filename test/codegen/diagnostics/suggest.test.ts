/** "Did you mean": near names are found, far ones are not forced on anyone. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { didYouMean, nearestName } from "../../../codegen/diagnostics/suggest.ts";

const test = suite("suggestions");

test("an insertion, a deletion, a replacement and a swap of neighbours are each one edit", () => {
	for (const slip of ["lists", "lis", "lost", "lits"]) assert.is(nearestName(slip, ["list"]), "list", slip);
	assert.is(nearestName("tsil", ["list"]), undefined);
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
