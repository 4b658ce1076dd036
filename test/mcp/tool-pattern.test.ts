import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_PATTERN_LENGTH, matchesAny, matchesToolPattern } from "../../src/mcp/tool-pattern.ts";

test("a star stands for any characters, and a question mark for one", () => {
	for (const [pattern, name, matches] of [
		["read_*", "read_file", true],
		["read_*", "read_", true],
		["read_*", "write_file", false],
		["*_file", "read_file", true],
		["r?ad_file", "read_file", true],
		["r?ad_file", "rad_file", false],
		["*a*b*", "xxaxxbxx", true],
		["*a*b*", "xxbxxaxx", false],
		["", "", true],
		["", "a", false],
		["*", "", true],
		["?", "", false],
		["a.c", "abc", false],
		["[ab]", "a", false],
	] as const)
		assert.is(matchesToolPattern(pattern, name), matches, `${pattern} ${name}`);
	assert.ok(matchesAny(["a", "b*"], "bc"));
	assert.not(matchesAny([], "a"));
});

test("patterns match as regular expressions of the same meaning", () => {
	const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
	fc.assert(
		fc.property(text("ab*?"), text("ab"), (pattern, name) => {
			const expression = new RegExp(`^${pattern.replaceAll("?", ".").replace(/\*+/g, ".*")}$`);
			assert.is(matchesToolPattern(pattern, name), expression.test(name), `${pattern} ${name}`);
		}),
		{ numRuns: 2_000 },
	);
});

test("the steps of a comparison are bounded, because patterns and names are", () => {
	assert.not(matchesToolPattern("*", "x".repeat(MAX_PATTERN_LENGTH + 1)));
	assert.not(matchesToolPattern("*".repeat(MAX_PATTERN_LENGTH + 1), "x"));
	// The most stars before a part that fails at its end.
	const pattern = `${"*a".repeat(MAX_PATTERN_LENGTH / 2 - 1)}*b`;
	assert.not(matchesToolPattern(pattern, "a".repeat(MAX_PATTERN_LENGTH)));
});

test.run();
