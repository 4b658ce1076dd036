/** Cost of reading a configuration, in the size of the file. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { settingsOf } from "../../src/config/settings.ts";
import { kindsWith } from "../../src/host/read-settings.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";

const kinds = kindsWith([]);
const read = (text: string): unknown => settingsOf(parseConfig(text, "spear.toml"), kinds, "spear.toml");
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
	const faults: readonly string[] = (() => {
		try {
			read(`${backends(60)}\n[routes.embeddings]\nallow = [${list(30, "bb")}]`);
		} catch (thrown) {
			if (thrown instanceof ConfigError) return thrown.faults;
		}
		return [];
	})();
	assert.is(faults.length, 30);
	assert.match(faults[0] ?? "", /^routes\.embeddings\.allow: 'bb0' is not known; did you mean 'b0'.*; known are: b0, .*, b49 and 10 more$/);
	assert.is(faults.filter((fault) => fault.includes("did you mean")).length, 20);
});

test.run();
