import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_SOURCE_MAP_BYTES } from "../../../../src/abi/debug/source-map/section.ts";
import { GuestSourceMap } from "../../../../src/abi/debug/source-map/source-map.ts";

/** Line 1 comes from line 3 of the first source, from column 3 on. Line 2 comes from line 1 of the second source. */
const MAP = { version: 3, sources: ["src/agent.ts", "src/tool.ts"], names: [], mappings: "AAEE;ACFF" };

function mapOf(map: unknown): GuestSourceMap {
	return new GuestSourceMap(typeof map === "string" ? map : JSON.stringify(map));
}

test("positions of both engines become positions of the author's code, and other text stays", () => {
	const map = mapOf(MAP);
	assert.is(map.locate("    at f (componentize-qjs:user.js:1:9)\n    at map (native)"), "    at f (src/agent.ts:3:3)\n    at map (native)");
	assert.is(map.locate("    at componentize-qjs:user.js:2:1"), "    at src/tool.ts:1:1");
	assert.is(map.locate("f@guest.js:1:1\n@guest.js:2:1"), "f@src/agent.ts:3:3\n@src/tool.ts:1:1");
	assert.is(map.locate('stack: Some("    at f (componentize-qjs:user.js:1:1)\\n")'), 'stack: Some("    at f (src/agent.ts:3:3)\\n")');
	assert.is(map.locate("my/guest.js:1:1 and x.js:1:1"), "my/guest.js:1:1 and x.js:1:1");
	assert.is(map.locate("at f (componentize-qjs:user.js:77:1)"), "at f (componentize-qjs:user.js:77:1)");
});

test("frames of StarlingMonkey's own script go, with the path of the machine of the build", () => {
	const map = mapOf(MAP);
	assert.is(map.locate("f@guest.js:1:1\nexport_run@/tmp/5178f65a7df5/sources/initializer.js:44794:15"), "f@src/agent.ts:3:3");
	assert.is(new GuestSourceMap(undefined).locate("fn@/tmp/ab/sources/initializer.js:1:2"), "");
});

test("a map that cannot be read changes no text", () => {
	const text = "at f (componentize-qjs:user.js:1:1)";
	const hostile: unknown[] = [
		"",
		"{",
		"null",
		{ ...MAP, version: 2 },
		{ ...MAP, mappings: 5 },
		{ ...MAP, mappings: "AAAA!" },
		{ ...MAP, sources: { length: 1 } },
		{ ...MAP, sources: [] },
		{ ...MAP, mappings: "ADEE" },
		{ ...MAP, mappings: "AAFF" },
		`${JSON.stringify(MAP)}${" ".repeat(MAX_SOURCE_MAP_BYTES)}`,
		{ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: MAP }] },
		`${"[".repeat(100_000)}`,
	];
	for (const map of hostile) assert.is(mapOf(map).locate(text), text);
	assert.is(new GuestSourceMap(undefined).locate(text), text);
});

test("paths of a map are printable and short, whatever they are", () => {
	const map = mapOf({ ...MAP, sources: [`\u001b]0;x\u0007${"y".repeat(10_000)}`, 7] });
	const located = map.locate("at f (componentize-qjs:user.js:1:1)");
	assert.match(located, /^at f \(\?\]0;x\?y+…:3:3\)$/);
	assert.ok(located.length < 230);
	assert.is(map.locate("at f (componentize-qjs:user.js:2:1)"), "at f (?:1:1)");
});

test("a text has at most 64 positions replaced, and a long one costs time in proportion to its length", () => {
	const located = mapOf(MAP).locate("\n    at f (componentize-qjs:user.js:1:1)".repeat(100));
	assert.is(located.match(/src\/agent\.ts/g)?.length, 64);
	const map = mapOf(MAP);
	const start = process.cpuUsage();
	for (const unit of ["@", "a@", "componentize-qjs:user.js:", "(guest.js:1", "\n@/sources/initializer.js:"])
		map.locate(unit.repeat(1_000_000 / unit.length));
	assert.ok(process.cpuUsage(start).user < 1_000_000);
});

test.run();
