import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseJson as parseGuestJson } from "../../generated/abi/component/convert/runtime.ts";
import { JsonDepthError, jsonFault, MAX_JSON_DEPTH, MAX_JSON_ITEMS, parseJson } from "../../src/formats/json.ts";
import { RawJson } from "../../src/transport/http/raw-json.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** Returns the message of the error that a text causes. */
function fault(parse: () => unknown): string {
	try {
		parse();
	} catch (thrown) {
		return thrown instanceof Error ? thrown.message : String(thrown);
	}
	return "accepted";
}

test("JSON up to the bound of depth is read as JSON.parse reads it", () => {
	assert.equal(parseJson(nested(MAX_JSON_DEPTH)), JSON.parse(nested(MAX_JSON_DEPTH)));
	fc.assert(
		fc.property(fc.json(), (text) => assert.equal([parseJson(text), parseGuestJson(text, "")], [JSON.parse(text), JSON.parse(text)])),
	);
});

test("JSON of a guest with more lists, objects and commas than the bound is refused before it is read, and those in texts do not count", () => {
	const numbers = (count: number): string => `[${"1,".repeat(count - 1)}1]`;
	assert.equal(parseGuestJson(numbers(100_000), "payload"), JSON.parse(numbers(100_000)));
	for (const text of [numbers(100_001), "[],".repeat(50_001), `{${'"a":1,'.repeat(100_000)}"b":2}`, `[${"[".repeat(99)}`.repeat(2_000)]) {
		assert.match(
			fault(() => parseGuestJson(text, "payload")),
			/payload: JSON (?:of more than 100000 lists, objects and commas; send it in parts|nested)/,
		);
	}
	const brackets = JSON.stringify('"\\[{,'.repeat(200_000));
	assert.is(parseGuestJson(brackets, "payload"), JSON.parse(brackets));
});

test("JSON beyond the bound of depth is refused with the bound, from upstreams and from guests", () => {
	assert.is(
		fault(() => parseJson(nested(MAX_JSON_DEPTH + 1))),
		"it is nested deeper than 256 levels",
	);
	assert.match(
		fault(() => parseGuestJson(nested(MAX_JSON_DEPTH + 1), "payload")),
		/nested deeper than 256 levels/,
	);
	assert.is(RawJson.from(Buffer.from(nested(MAX_JSON_DEPTH + 1))), undefined);
	assert.is(jsonFault(new JsonDepthError()), "it is nested deeper than 256 levels");
	assert.is(jsonFault(new SyntaxError("x")), "it is not JSON");
});

test("JSON with more lists, objects and texts than the bound is refused before it is parsed, and numbers do not count", () => {
	const many = MAX_JSON_ITEMS / 2;
	for (const text of [
		`[${"{},".repeat(2 * many)}0]`,
		`[${'"",'.repeat(2 * many)}0]`,
		`[${'[""],'.repeat(many)}0]`,
		`{${Array.from({ length: 2 * many }, (_, index) => `"${index}":1`).join()},"a":1}`,
	])
		assert.is(
			fault(() => parseJson(text)),
			`it has more than ${MAX_JSON_ITEMS} lists, objects and texts`,
		);
	const brackets = JSON.stringify(['"[{'.repeat(many)]);
	assert.equal(parseJson(brackets), JSON.parse(brackets));
	assert.is(Object(parseJson(`[${"1,".repeat(3 * many)}1]`)).length, 3 * many + 1);
	assert.is(Object(parseJson(`[${'"",'.repeat(many)}0]`)).length, many + 1);
});

test("brackets within strings are no depth", () => {
	const text = JSON.stringify({ a: `${"[".repeat(1000)}\\"{`, b: "\\", c: ["{".repeat(1000)] });
	assert.equal(parseJson(text), JSON.parse(text));
	assert.equal(parseGuestJson(text, ""), JSON.parse(text));
});

const CASES: readonly GrowthCase[] = [
	{ name: "deep lists", make: (size) => "[".repeat(size), run: (text: string) => parseJson(text) },
	{ name: "many lists", make: (size) => `[${"[],".repeat(size / 3)}[]]`, run: (text: string) => parseJson(text) },
	{ name: "escaped quotes", make: (size) => `"${'\\"'.repeat(size / 2)}"`, run: (text: string) => parseJson(text) },
	{ name: "many texts", make: (size) => `[${'"",'.repeat(size / 3)}0]`, run: (text: string) => parseJson(text) },
	{ name: "backslashes", make: (size) => `"${"\\".repeat(size)}"`, run: (text: string) => parseJson(text) },
	{ name: "an open string", make: (size) => `"${"a".repeat(size)}`, run: (text: string) => parseJson(text) },
	{ name: "escaped quotes of a guest", make: (size) => `"${'\\"'.repeat(size / 2)}"`, run: (text: string) => parseGuestJson(text, "") },
];

for (const each of CASES) test(`reading JSON with ${each.name} has a cost that grows linearly`, () => assertLinear(each));

test.run();
