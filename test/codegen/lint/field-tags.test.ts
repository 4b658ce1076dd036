import { test } from "uvu";
import * as assert from "uvu/assert";
import { brief, findings, spoilt } from "./sound-package.ts";

for (const [what, from, to, expected, at] of [
	[
		"a range of a list",
		"@min-items 1",
		"@range 1..2",
		"misfit-doc-tag: `@range` stands on field `rank.request.texts`, which is not a number",
		"@range 1..2",
	],
	[
		"a range that ends before it begins",
		"@range 1..100\n        /// @default 10",
		"@range 9..3",
		"malformed-doc-tag: `@range 9..3` ends before it begins",
		"@range 9..3",
	],
	[
		"a negative bound of an unsigned number",
		"@range 1..100",
		"@range -1..100",
		"misfit-doc-tag: `@range -1..100` goes beyond what a `u32` can hold",
		"@range -1..100",
	],
	[
		"a fraction as bound of a whole number",
		"@range 1..100",
		"@range 0.5..100",
		"misfit-doc-tag: `@range 0.5..100` has a fraction, but the field is a `u32`",
		"@range 0.5..100",
	],
	[
		"a whole number of a type that is one anyway",
		"@range 1..100",
		"@integer",
		"misfit-doc-tag: `@integer` stands on field `rank.request.top`, which is not a floating-point number",
		"@integer",
	],
	[
		"a minimum length of a string",
		"/// The question.",
		"/// The question.\n        /// @min-items 1",
		"misfit-doc-tag: `@min-items` stands on field `rank.request.query`, which is not a list",
		"@min-items 1",
	],
	[
		"a maximum length below the minimum",
		"@min-items 1",
		"@min-items 2\n        /// @max-items 1",
		"malformed-doc-tag: `@max-items 1` is below `@min-items 2`",
		"@max-items 1",
	],
	[
		"a pattern that a text can make slow",
		"/// The question.",
		"/// The question.\n        /// @pattern ^(a+)+$",
		"slow-pattern: `@pattern` of field `rank.request.query` may take far more time than the text is long: a is in nested loops",
		"@pattern ^(a+)+$",
	],
	[
		"a pattern that is too long to be judged",
		"/// The question.",
		`/// The question.\n        /// @pattern ^${"a".repeat(300)}$`,
		"slow-pattern: `@pattern` of field `rank.request.query` may take far more time than the text is long: it has more than 300 characters",
		`@pattern ^${"a".repeat(300)}$`,
	],
	[
		"a pattern of a number",
		"@range 1..100",
		"@pattern ^1$",
		"misfit-doc-tag: `@pattern` stands on field `rank.request.top`, which is not a string",
		"@pattern ^1$",
	],
	[
		"a default of a field that is never absent",
		"/// The question.",
		"/// The question.\n        /// @default why",
		"misfit-doc-tag: `@default` stands on field `rank.request.query`, which is never absent",
		"@default why",
	],
	[
		"a default beyond the range",
		"@default 10",
		"@default 101",
		"misfit-doc-tag: `@default 101` does not fit field `rank.request.top`: it is out of range",
		"@default 101",
	],
	[
		"a default with a fraction",
		"@default 10",
		"@default 1.5",
		"misfit-doc-tag: `@default 1.5` does not fit field `rank.request.top`: a `u32` is a whole number",
		"@default 1.5",
	],
	[
		"a word as default of a number",
		"@default 10",
		"@default ten",
		"misfit-doc-tag: `@default ten` does not fit field `rank.request.top`: a `u32` is a number",
		"@default ten",
	],
	[
		"a default that is no case",
		"@default fast",
		"@default slow",
		"misfit-doc-tag: `@default slow` does not fit field `rank.request.mode`: `mode` has the cases `fast`, `thorough`",
		"@default slow",
	],
	[
		"a default against the pattern",
		"@pattern ^[a-z]{2}$",
		"@pattern ^[a-z]{2}$\n        /// @default english",
		"misfit-doc-tag: `@default english` does not fit field `rank.request.language`: it does not match `@pattern ^[a-z]{2}$`",
		"@default english",
	],
	[
		"JSON that is not text",
		"type json = string",
		"type json = u32",
		"misfit-doc-tag: `@json` stands on alias `types.json`, which is not an alias of `string`",
		"@json any",
	],
] as const) {
	test(`${what} is reported where it stands`, () => {
		assert.equal(brief(spoilt(from, to)), [[expected, at]]);
	});
}

test("a pattern that does not compile is reported with the reason", () => {
	const [found, ...rest] = brief(spoilt("^[a-z]{2}$", "^[a-z{2}$"));
	assert.equal(rest, []);
	assert.match(
		found?.[0] ?? "",
		/^malformed-doc-tag: `@pattern` of field `rank.request.language` is not a regular expression: .*Unterminated character class/,
	);
});

test("constraints look through aliases and options", () => {
	const text = spoilt(
		"top: option<u32>",
		"top: option<count>",
		spoilt("    /// One request.", "    /// A number.\n    @since(version = 0.1.0)\n    type count = u32;\n    /// One request."),
	);
	assert.equal(findings(text), []);
});

for (const [type, more, fault] of [
	["option<list<string>>", '@default ["a"]', "the only default of a list is `[]`"],
	["option<list<string>>", "@default []\n        /// @min-items 1", "`@min-items` wants more than none"],
	["option<string>", "@default []", undefined],
	["option<u32>", "@default []", "a `u32` is a number"],
] as const) {
	const what = more.replace(/\s+\/\/\/ /g, " with ");
	test(`${what} of ${type} is ${fault === undefined ? "only text" : "reported"}`, () => {
		const text = spoilt(
			"        /// The question.",
			`        /// More.\n        /// ${more}\n        more: ${type},\n        /// The question.`,
		);
		const tag = more.split("\n")[0] ?? "";
		const expected = `misfit-doc-tag: \`${tag}\` does not fit field \`rank.request.more\`: ${fault}`;
		assert.equal(
			brief(text).map(([message]) => message),
			fault === undefined ? [] : [expected],
		);
	});
}

for (const [type, value] of [
	["bool", "true"],
	["string", "any text at all"],
	["char", "€"],
	["f64", "-0.5"],
	["s8", "-128"],
	["list<string>", "[]"],
] as const) {
	test(`\`@default ${value}\` fits an option of ${type}`, () => {
		assert.equal(
			findings(
				spoilt(
					"        /// The question.",
					`        /// More.\n        /// @default ${value}\n        more: option<${type}>,\n        /// The question.`,
				),
			),
			[],
		);
	});
}

test.run();
