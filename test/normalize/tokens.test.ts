import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonValue } from "../../generated/ir/json.ts";
import { jsonTokens, textTokens } from "../../src/normalize/tokens.ts";

test("a text has one token for each four bytes", () => {
	assert.is(textTokens(""), 0);
	assert.is(textTokens("a"), 1);
	assert.is(textTokens("four"), 1);
	assert.is(textTokens("fives"), 2);
});

test("a text of any script has between half a token and one token for each letter", () => {
	assert.is(textTokens("漢字かな交じり文です".repeat(40)), 300);
	assert.is(textTokens("Привет".repeat(40)), 120);
	assert.is(textTokens("🙂".repeat(40)), 40);
	assert.ok(textTokens("\ud800".repeat(4)) > 0); // Half a surrogate pair.
});

test("a value has about the tokens of its JSON text", () => {
	const value = { type: "object", required: ["a", "b"], properties: { a: { type: "string" }, b: { enum: [1, 2, null, true] } } };
	const text = textTokens(JSON.stringify(value));
	assert.ok(Math.abs(jsonTokens(value) - text) < text / 4, `${jsonTokens(value)} for ${text}`);
});

test("a value nested 100,000 levels deep is counted", () => {
	let value: JsonValue = [];
	for (let depth = 1; depth < 100_000; depth++) value = [value];
	assert.is(jsonTokens(value), 75_000);
});

test.run();
