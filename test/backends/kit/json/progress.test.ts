import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isBlank, JsonProgress } from "../../../../src/backends/kit/json/progress.ts";

function stateAfter(...pieces: string[]): string {
	const progress = new JsonProgress();
	for (const piece of pieces) progress.add(piece);
	return progress.state;
}

test("JSON in pieces is complete exactly at its end, however it is cut", () =>
	fc.assert(
		fc.property(fc.oneof(fc.object(), fc.array(fc.jsonValue())), fc.nat(), (value, at) => {
			const text = JSON.stringify(value);
			const cut = 1 + (at % (text.length - 1));
			assert.is(stateAfter(text.slice(0, cut)), "open");
			assert.is(stateAfter(text.slice(0, cut), text.slice(cut)), "complete");
			assert.is(stateAfter(text, " \n"), "complete");
			assert.is(stateAfter(text, text.slice(0, cut)), "open");
		}),
	));

test("space alone is blank, and a number or a word stays open", () => {
	assert.is(stateAfter(""), "blank");
	assert.is(stateAfter(" \t", "\r\n"), "blank");
	assert.is(stateAfter("12"), "open");
	assert.is(stateAfter("null"), "open");
	assert.is(stateAfter('"a\\""'), "complete");
});

test("closing brackets without opening ones do not hide the end of the next value", () => {
	assert.is(stateAfter("}}", '{"a":1}'), "complete");
	assert.is(stateAfter("}}", '{"a":'), "open");
});

test("a text is blank if it holds only JSON space", () => {
	assert.ok(isBlank(""));
	assert.ok(isBlank(" \r\n\t"));
	assert.not.ok(isBlank("\u00a0"));
	assert.not.ok(isBlank(" {"));
});

test.run();
