import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonValue } from "../../generated/ir/json.ts";
import { jsonTokens, textTokens } from "../../src/normalize/tokens.ts";

test("four bytes are a token", () => {
	assert.equal(["", "a", "four", "fives"].map(textTokens), [0, 1, 1, 2]);
});

test("no script is far off: a letter of three bytes is most of a token", () => {
	assert.is(textTokens("漢字かな交じり文です".repeat(40)), 300);
	assert.is(textTokens("Привет".repeat(40)), 120);
	assert.is(textTokens("🙂".repeat(40)), 40);
	assert.ok(textTokens("\ud800".repeat(4)) > 0); // Half a character is text too.
});

test("a value counts about as its JSON text does", () => {
	const value = { type: "object", required: ["a", "b"], properties: { a: { type: "string" }, b: { enum: [1, 2, null, true] } } };
	const text = textTokens(JSON.stringify(value));
	assert.ok(Math.abs(jsonTokens(value) - text) < text / 4, `${jsonTokens(value)} for ${text}`);
});

test("no nesting is too deep", () => {
	let value: JsonValue = [];
	for (let depth = 1; depth < 100_000; depth++) value = [value];
	assert.is(jsonTokens(value), 75_000);
});

test.run();
