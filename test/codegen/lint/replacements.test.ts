import { test } from "uvu";
import * as assert from "uvu/assert";
import { brief, findings, spoilt } from "./sound-package.ts";

/** The sound package with a tag on the interface or function before `place`, deprecated or not. */
function replacedBy(value: string, place: string, isDeprecated: boolean): string {
	const since = `@since(version = 0.1.0)\n${place}`;
	const indent = /^ */.exec(place)?.[0] ?? "";
	const gate = isDeprecated ? `${indent}@deprecated(version = 0.1.0)\n` : "";
	return spoilt(`${indent}${since}`, `${indent}///\n${indent}/// @replaced-by ${value}\n${indent}@since(version = 0.1.0)\n${gate}${place}`);
}

const FUNCTION = "    rerank: func(";

for (const value of ["rerank", "rank.rerank", "rank", "event-stream.next", "rank.event-stream.next", "event-stream"])
	test(`\`@replaced-by ${value}\` names what the package has`, () => {
		assert.equal(findings(replacedBy(value, FUNCTION, true)), []);
	});

test("a replacement that the package lacks is reported, with the nearest name", () => {
	const [found, ...rest] = findings(replacedBy("rerankk", FUNCTION, true));
	assert.equal(rest, []);
	assert.is(found?.code, "unknown-replacement");
	assert.is(found?.message, "`@replaced-by` of function `rank.rerank` names `rerankk`, which the package does not have");
	assert.is(found?.help, "did you mean `rerank`?");
});

test("a replacement of another interface needs the name of the interface", () => {
	assert.equal(
		brief(replacedBy("rerank", "interface types {", true)).map(([finding]) => finding),
		["unknown-replacement: `@replaced-by` of interface `types` names `rerank`, which the package does not have"],
	);
	assert.equal(findings(replacedBy("rank.rerank", "interface types {", true)), []);
});

test("a replacement of what is not deprecated is reported", () => {
	assert.equal(brief(replacedBy("rank", FUNCTION, false)), [
		["misplaced-doc-tag: `@replaced-by` stands on function `rank.rerank`, which is not deprecated", "@replaced-by rank"],
	]);
});

test.run();
