import * as fc from "fast-check";
import { parse, stringify } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type TextNode, tomlPositions } from "../../src/config/toml-positions.ts";
import { assertLinear } from "../helpers/growth.ts";

/** Returns the node of a path. */
function at(text: string, ...path: string[]): TextNode {
	return path.reduce((node, step) => {
		const next = node.members.get(step);
		if (next === undefined) throw new Error(`${step} has no position`);
		return next;
	}, tomlPositions(text));
}

/** Every path of a value. Keys and items alike are text. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
	if (typeof value !== "object" || value === null || value instanceof Date) return [[...path]];
	return [[...path], ...Object.entries(value).flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

const EVERY_FORM = `# a comment with [brackets] = "and" more
top = 1
"quoted key" = 'li"teral'
'single' = "with \\"quotes\\" and \\\\"
"esc\\u0061ped" = 2
a.b . "c" = [ 1, # one
  2, [ "x]", '''y]
z''' ], { k = "v,}", l.m = [] },
]
multi = """
[no.header]
x = "\\"""
quotes""""
date = 1979-05-27 07:32:00Z
[table]
key=true
[table.sub]
[[list]]
n = 1
[[list]]
n = 2
[list.below]
deep = { }
[[list.inner]]
p = 1
[x.y.z]
last = 0x_f`;

test("every key and item of a text has a position, whatever its form", () => {
	const text = EVERY_FORM.replace("0x_f", "0xf");
	for (const path of pathsOf(parse(text))) at(text, ...path);
	const spelled = (...path: string[]): string => text.slice(at(text, ...path).key).split("\n")[0] ?? "";
	assert.is(spelled("a", "b", "c"), '"c" = [ 1, # one');
	assert.is(spelled("list", "1", "n"), "n = 2");
	assert.is(spelled("list", "1", "below", "deep"), "deep = { }");
	assert.is(spelled("escaped"), '"esc\\u0061ped" = 2');
	assert.is(text.slice(at(text, "a", "b", "c", "3", "l", "m").value).slice(0, 2), "[]");
	assert.is(text.slice(at(text, "x", "y", "z", "last").value), "0xf");
	assert.is(text.slice(at(text, "table", "sub").value).slice(0, 11), "[table.sub]");
});

test("every key and item of a random configuration has a position", () => {
	const key = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), fc.string({ maxLength: 6 })).filter((name) => name !== "__proto__");
	const { value } = fc.letrec((tie) => ({
		value: fc.oneof(
			{ maxDepth: 3 },
			fc.string({ maxLength: 12 }),
			fc.integer(),
			fc.boolean(),
			fc.array(fc.oneof(fc.string({ maxLength: 8 }), tie("table")), { maxLength: 4 }),
			tie("table"),
		),
		table: fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
	}));
	fc.assert(
		fc.property(fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true }), (config) => {
			const text = stringify(config);
			for (const path of pathsOf(parse(text))) at(text, ...path);
		}),
		{ numRuns: 300 },
	);
});

for (const [name, make] of [
	["comments", (size: number) => "# = [ { \n".repeat(size)],
	["tables", (size: number) => Array.from({ length: size }, (_, index) => `[a.b${index}]\nx = 1\n`).join("")],
	["list items", (size: number) => `a = [${"1, ".repeat(size)}]`],
	["a long text", (size: number) => `a = """${'\\"x"'.repeat(size)}"""`],
	["a dotted key", (size: number) => `${"a.".repeat(size)}a = 1`],
] as const) {
	test(`the positions of ${name} cost time that grows linearly`, () =>
		assertLinear({ name, make, run: (text: string) => tomlPositions(text) }));
}

test.run();
