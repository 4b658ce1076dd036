import { test } from "uvu";
import * as assert from "uvu/assert";
import { brief, findings, SOUND, spoilt } from "./sound-package.ts";

test("a sound package has no findings", () => {
	assert.equal(findings(SOUND), []);
});

test("an unknown tag is an error at the tag, with the nearest known one", () => {
	const [found, ...rest] = findings(spoilt("@feature supports_modes", "@featrue supports_modes"));
	assert.equal(rest, []);
	assert.is(found?.code, "unknown-doc-tag");
	assert.is(found?.message, "`@featrue` is not a doc tag that codegen knows");
	assert.is(found?.help, "did you mean `@feature`?");
	assert.is(found?.span.line, 98);
});

test("an unknown tag that resembles none lists all", () => {
	const [found] = findings(spoilt("/// The question.", "/// The question.\n        /// @zzzzzzzz"));
	assert.match(found?.help ?? "", /^the tags are `@operation`, `@payload`,/);
});

for (const [what, from, to, expected, at] of [
	[
		"a payload on a function",
		"    /// Ranks.\n",
		"    /// Ranks.\n    /// @payload\n",
		"misplaced-doc-tag: `@payload` stands on function `rank.rerank`, where it means nothing",
		"@payload",
	],
	[
		"a stream on a variant",
		"    /// What a stream delivers.\n",
		"    /// What a stream delivers.\n    /// @stream event\n",
		"misplaced-doc-tag: `@stream` stands on variant `rank.event`, where it means nothing",
		"@stream event",
	],
	[
		"a readiness on a function",
		"    /// Ranks.\n",
		"    /// Ranks.\n    /// @readiness\n",
		"misplaced-doc-tag: `@readiness` stands on function `rank.rerank`, where it means nothing",
		"@readiness",
	],
	[
		"a readiness with a value",
		"/// @readiness",
		"/// @readiness pollable",
		"malformed-doc-tag: `@readiness` takes no value, found `pollable`",
		"@readiness pollable",
	],
	[
		"a feature on an enum case",
		"/// Quickly.",
		"/// Quickly.\n        /// @feature supports_x",
		"misplaced-doc-tag: `@feature` stands on case `rank.mode.fast`, where it means nothing",
		"@feature supports_x",
	],
	[
		"a range on a variant case",
		"/// One more index.",
		"/// One more index.\n        /// @range 0..1",
		"misplaced-doc-tag: `@range` stands on case `rank.event.index`, where it means nothing",
		"@range 0..1",
	],
	[
		"a value where none is taken",
		"/// @payload",
		"/// @payload request",
		"malformed-doc-tag: `@payload` takes no value, found `request`",
		"@payload request",
	],
	[
		"a feature in kebab-case",
		"supports_modes",
		"supports-modes",
		"malformed-doc-tag: `@feature` of field `rank.request.mode` has the value `supports-modes`",
		"@feature supports-modes",
	],
	[
		"an operation in camel case",
		"@operation rerank",
		"@operation reRank",
		"malformed-doc-tag: `@operation` of interface `rank` has the value `reRank`",
		"@operation reRank",
	],
	[
		"a feature without a name",
		"@feature supports_modes",
		"@feature",
		"malformed-doc-tag: `@feature` of field `rank.request.mode` has no value",
		"@feature",
	],
	[
		"a range without bounds",
		"@range 1..100",
		"@range ..",
		"malformed-doc-tag: `@range` of field `rank.request.top` has the value `..`",
		"@range ..",
	],
	[
		"a range with a dash",
		"@range 1..100",
		"@range 1-100",
		"malformed-doc-tag: `@range` of field `rank.request.top` has the value `1-100`",
		"@range 1-100",
	],
	[
		"a negative length",
		"@min-items 1",
		"@min-items -1",
		"malformed-doc-tag: `@min-items` of field `rank.request.texts` has the value `-1`",
		"@min-items -1",
	],
	[
		"another kind of JSON",
		"@json any",
		"@json array",
		"malformed-doc-tag: `@json` of alias `types.json` has the value `array`",
		"@json array",
	],
	[
		"a tag given twice",
		"@default fast",
		"@default fast\n        /// @default thorough",
		"repeated-doc-tag: field `rank.request.mode` is tagged `@default` twice",
		"@default thorough",
	],
	[
		"a feature given twice",
		"@feature supports_modes",
		"@feature supports_modes\n        /// @feature supports_modes",
		"repeated-doc-tag: field `rank.request.mode` is tagged `@feature supports_modes` twice",
		"@feature supports_modes",
	],
	[
		"a replacement of a record",
		"/// The router's account.\n",
		"/// The router's account.\n    ///\n    /// @replaced-by rank\n",
		"misplaced-doc-tag: `@replaced-by` stands on record `types.explanation`, where it means nothing",
		"@replaced-by rank",
	],
] as const) {
	test(`${what} is reported where it stands`, () => {
		assert.equal(brief(spoilt(from, to)), [[expected, at]]);
	});
}

test("several features on one field are fine", () => {
	assert.equal(findings(spoilt("@feature supports_modes", "@feature supports_modes\n        /// @feature supports_speed")), []);
});

test("a payload in an interface without an operation is reported", () => {
	assert.equal(
		brief(spoilt("/// @operation rerank\n", "/// Ranking.\n")).map(([finding]) => finding),
		[
			"misplaced-doc-tag: `@payload` stands on record `rank.request`, but the interface has no operation",
			"misplaced-doc-tag: `@result` stands on record `rank.response`, but the interface has no operation",
		],
	);
});

test("a family without a payload is reported by the ABI builder", () => {
	const [found] = brief(spoilt("    /// @payload\n", "    ///\n"));
	assert.is(found?.[0], "missing-tagged-record: interface 'rank' is tagged @operation but has no record tagged @payload");
});

test.run();
