import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkConfig, enableBackend } from "../../codegen/config.ts";
import { SourceFile } from "../../codegen/wit/source-file.ts";

function findings(text: string): string[] {
	return checkConfig(new SourceFile("c.json", text)).diagnostics.map((each) => `${each.span.line}:${each.span.column} ${each.message}`);
}

test("a sound configuration is read; lists left out are empty", () => {
	assert.equal(checkConfig(new SourceFile("c.json", `{ "enabledBackends": ["stub"] }`)).config, {
		enabledBackends: ["stub"],
		disabledBackends: [],
	});
});

for (const [what, text, expected] of [
	["text that is not JSON", `{ "enabledBackends": [ }`, ["1:24 this is not JSON"]],
	["text that breaks off", `{ "enabledBackends": [`, ["1:23 this is not JSON"]],
	["a comma too many", `{ "enabledBackends": ["a",],\n}`, ["1:27 this is not JSON"]],
	["an empty file", "", ["1:1 this is not JSON"]],
	["something other than an object", "[]", ["1:1 the configuration must be an object"]],
	["an unknown member", `{\n\t"enabled": []\n}`, ["2:2 `enabled` is not a member of the configuration"]],
	["a member that is no list", `{ "enabledBackends": "stub" }`, ["1:22 `enabledBackends` must be a list of backend kinds"]],
	["a name that is no folder's", `{ "enabledBackends": ["Stub"] }`, [`1:23 "Stub" is not the name of a backend kind`]],
	["something that is no name", `{ "enabledBackends": [7] }`, ["1:23 7 is not the name of a backend kind"]],
	["a member given twice", `{ "enabledBackends": [],\n"enabledBackends": [] }`, ["2:1 `enabledBackends` is there twice"]],
	["a comment", `{ // why\n"enabledBackends": [] }`, ["1:3 this is not JSON"]],
	["equal names in other places", `{ "disabledBackends": ["a"], "enabledBackends": ["b", "a"] }`, ["1:55 `a` is named twice"]],
	["a kind both enabled and disabled", `{ "enabledBackends": ["stub"],\n"disabledBackends": ["stub"] }`, ["2:22 `stub` is named twice"]],
] as const) {
	test(`${what} is reported where it stands`, () => {
		assert.equal(findings(text), expected);
	});
}

for (const [what, before, after] of [
	["an empty list", `{ "enabledBackends": [] }`, `{ "enabledBackends": ["new"] }`],
	[
		"a list on one line",
		`{ "enabledBackends": ["a"], "disabledBackends": ["b"] }`,
		`{ "enabledBackends": ["a", "new"], "disabledBackends": ["b"] }`,
	],
	["no list", `{ "disabledBackends": ["b"] }`, `{\n\t"enabledBackends": ["new"], "disabledBackends": ["b"] }`],
	["an empty object", "{}", `{\n\t"enabledBackends": ["new"]}`],
	[
		"a list with a line for each",
		`{\n\t"enabledBackends": [\n\t\t"a",\n\t\t"b"\n\t]\n}`,
		`{\n\t"enabledBackends": [\n\t\t"a",\n\t\t"b",\n\t\t"new"\n\t]\n}`,
	],
	["a list that has it", `{ "enabledBackends": ["new"] }`, `{ "enabledBackends": ["new"] }`],
	["a list that disables it", `{ "disabledBackends": ["new"] }`, `{ "disabledBackends": ["new"] }`],
] as const) {
	test(`enabling a kind in ${what} changes only that`, () => {
		assert.is(enableBackend(before, "new"), after);
	});
}

test.run();
