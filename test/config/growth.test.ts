/** Cost of reading a configuration, in the size of the file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { textDocument } from "../../src/config/document.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { kindsWith } from "../../src/host/read-settings.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";

const kinds = kindsWith([]);
const read = (text: string): unknown => readConfig(textDocument(text, "spear.toml"), kinds).faults.throwIfAny();
const lines = (size: number, line: (index: number) => string): string => Array.from({ length: size }, (_, index) => line(index)).join("\n");
const list = (size: number, name: string): string => Array.from({ length: size }, (_, index) => `"${name}${index}"`).join(",");
const backends = (size: number): string => lines(size, (index) => `[backends.b${index}]\nkind = "stub"`);
const text =
	(unit: string, before: string, after = "") =>
	(size: number): string =>
		before + unit.repeat(size) + after;

const CASES: readonly Omit<GrowthCase, "run">[] = [
	{ name: "many backends", make: backends },
	{ name: "many models", make: (size) => `[backends.b]\nkind = "stub"\nmodels = [${list(size, "m")}]` },
	{ name: "many unknown keys", make: (size) => lines(size, (index) => `k${index} = 1`) },
	{ name: "unknown backends of a route", make: (size) => `${backends(size)}\n[routes.embeddings]\nallow = [${list(size, "x")}]` },
	{ name: "hosts that are invalid", make: (size) => `[media]\nallowed_hosts = [${list(size, "not a host ")}]` },
	{ name: "a base URL of slashes", make: text("/", '[backends.b]\nkind = "openai-compatible"\nbase_url = "http://b.example', 'x"') },
	{ name: "nested lists", make: text("[", "a = ") },
	{ name: "a dotted key", make: text("a.", "", "a = 1") },
	{ name: "an open string", make: text("\\n", 'a = "') },
	{ name: "a long number", make: text("1_", "a = ", "1") },
	{ name: "white space", make: text(" ", "a = 1") },
	{ name: "comments", make: text("#\n", "") },
];

for (const each of CASES)
	test(`a configuration of ${each.name} has a cost that grows linearly`, () => assertLinear({ from: 64, to: 1 << 13, ...each, run: read }));

test("a fault about an unknown name lists a bounded number of names, and many faults have no suggestions", () => {
	const faults = (() => {
		try {
			read(`${backends(150)}\n[routes.embeddings]\nallow = [${list(200, "bb")}]`);
		} catch (thrown) {
			if (thrown instanceof ConfigError) return thrown.faults.map(({ message }) => message);
		}
		return [];
	})();
	assert.is(faults.length, 200);
	assert.match(faults[0] ?? "", /^'bb0' is not known; did you mean 'b0'.*; known are: b0, .*, b19 and 130 more$/);
	assert.is(faults.filter((fault) => fault.includes("did you mean")).length, 100);
});

test.run();
