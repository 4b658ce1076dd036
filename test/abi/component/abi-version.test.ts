import { test } from "uvu";
import * as assert from "uvu/assert";
import { compatibleVersions, relationOf } from "../../../src/abi/component/abi-version.ts";

for (const [wanted, offered, expected, why] of [
	["0.2.3", "0.2.3", "compatible", "the same version"],
	["0.2.0", "0.2.3", "compatible", "below 1.0 an older patch"],
	["0.2.4", "0.2.3", "newer", "a later patch"],
	["0.3.0", "0.2.3", "newer", "a later minor version"],
	["0.1.9", "0.2.3", "older", "below 1.0 an older minor version"],
	["1.1.7", "1.2.0", "compatible", "from 1.0 on an older minor version"],
	["1.3.0", "1.2.0", "newer", "from 1.0 on a later minor version"],
	["2.0.0", "1.2.0", "newer", "a later major version"],
	["1.9.9", "2.0.0", "older", "an older major version"],
	["0.9.0", "1.0.0", "older", "a version below 1.0 for one above"],
	["0.0.1", "0.0.2", "older", "below 0.1 another patch"],
	["0.0.2", "0.0.2", "compatible", "below 0.1 the same patch"],
	["0.2.0-draft", "0.2.0-draft", "compatible", "the same version with a suffix"],
	["0.2.0-draft", "0.2.0", "older", "a draft of the host's version"],
	["0.2.0", "0.2.0-draft", "newer", "the version whose draft the host has"],
	["0.2.0+a", "0.2.0+b", "compatible", "another build of the same version"],
	["x.y", "0.2.0", "older", "a text that is no version"],
] as const)
	test(`${why} is ${expected}: ${wanted} on ${offered}`, () => {
		assert.is(relationOf(wanted, offered), expected);
	});

test("the versions that a guest runs on are named by what they share", () => {
	assert.equal(["1.2.3", "0.2.3", "0.0.3", "0.2.0-draft"].map(compatibleVersions), ["1.x", "0.2.x", "0.0.3", "0.2.0-draft"]);
});

test.run();
