/** Names and versions: what is valid, and what comes first. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isKebabCase, toKebabCase } from "../../../codegen/wit/names.ts";
import { compareSemver, isSemver } from "../../../codegen/wit/semver.ts";

const test = suite("wit names and versions");

test("kebab-case", () => {
	for (const name of ["a", "a-b", "a1", "a-1", "XML", "parse-XML-2", "X2-y"]) {
		assert.is(isKebabCase(name), true, name);
	}
	for (const name of ["", "-", "1a", "a-", "-a", "a--b", "aB", "Ab", "a_b", "a-Bc", "é"]) {
		assert.is(isKebabCase(name), false, name);
	}
});

test("the nearest kebab-case spelling", () => {
	assert.is(toKebabCase("fooBar_baz"), "foo-bar-baz");
	assert.is(toKebabCase("HTTPServer"), "httpserver");
	assert.is(toKebabCase("2nd--try_"), "nd-try");
	assert.is(toKebabCase("a.b"), "a-b");
});

test("semantic versions", () => {
	for (const version of ["0.0.0", "1.2.3", "1.0.0-rc.1", "1.0.0-0a", "1.0.0+build.01", "1.0.0-a-b+c"]) {
		assert.is(isSemver(version), true, version);
	}
	for (const version of ["1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "1.0.0.0"]) {
		assert.is(isSemver(version), false, version);
	}
});

test("precedence of versions", () => {
	const ascending = "0.9.9 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0 1.0.10 1.2.0 10.0.0".split(" ");
	for (const [index, version] of ascending.entries()) {
		for (const [other, against] of ascending.entries()) {
			assert.is(Math.sign(compareSemver(version, against)), Math.sign(index - other), `${version} ${against}`);
		}
	}
	assert.is(compareSemver("1.0.0+a", "1.0.0+b"), 0);
});

test.run();
