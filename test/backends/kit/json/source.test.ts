import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { JsonSource } from "../../../../src/backends/kit/json/source.ts";
import { RawJson, stringifyJson } from "../../../../src/transport/http/raw-json.ts";

const space = fc.constantFrom("", " ", "\t", "\r\n", "  ");

/** A value as JSON text with irregular spaces, and the exact text of its members or items. */
interface Written {
	readonly text: string;
	readonly members: readonly [string, string][];
	readonly items: readonly string[];
}

const leaf = fc.oneof(
	fc.constantFrom("1.0", "-0", "1e5", "true", "null", '"\\u0041"', '"\\\\"', '"}]\\",{["', '""'),
	fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
);

const { written } = fc.letrec<{ written: Written; inner: Written }>((tie) => ({
	inner: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		leaf.map((text): Written => ({ text, members: [], items: [] })),
		tie("written"),
	),
	written: fc.oneof(
		fc.array(fc.tuple(fc.constantFrom("a", "b\\n", "c", 'd\\"'), tie("inner"), space, space), { maxLength: 4 }).map(
			(list): Written => ({
				text: `{${list.map(([key, value, before, after]) => `${before}"${key}"${after}:${before}${value.text}${after}`).join(",")}}`,
				members: list.map(([key, value]): [string, string] => [JSON.parse(`"${key}"`), value.text]),
				items: [],
			}),
		),
		fc.array(fc.tuple(tie("inner"), space, space), { maxLength: 4 }).map(
			(list): Written => ({
				text: `[${list.map(([value, before, after]) => before + value.text + after).join(",")}]`,
				members: [],
				items: list.map(([value]) => value.text),
			}),
		),
	),
}));

test("members and items have their exact text, the last of equal names", () =>
	fc.assert(
		fc.property(written, space, ({ text, members, items }, around) => {
			const source = new JsonSource(`${around}${text}${around}`);
			JSON.parse(String(source));
			assert.is(String(source), text);
			for (const [name, value] of new Map(members)) assert.is(String(source.member(name)), value);
			for (const [index, value] of items.entries()) assert.is(String(source.item(index)), value);
			assert.is(source.member("absent"), undefined);
			assert.is(source.item(items.length), undefined);
		}),
		{ numRuns: 500 },
	));

test("a nested value is found by its path", () => {
	const source = new JsonSource(' { "choices" : [ {"x":[]}, {"message":{"role":"a", "odd" : [ 1.0 ,{"y":"\\u0041"} ] }} ] } ');
	assert.is(String(source.member("choices")?.item(1)?.member("message")?.member("odd")), '[ 1.0 ,{"y":"\\u0041"} ]');
	assert.is(source.member("choices")?.member("x"), undefined);
	assert.is(source.item(0), undefined);
});

test("raw JSON is printed unchanged within other values", () => {
	const raw = RawJson.from(Buffer.from('{ "a": 1.0 }'));
	assert.is(
		stringifyJson({ x: [1, raw, undefined], gone: undefined, 'q"': "ü", y: { z: raw } }),
		'{"x":[1,{ "a": 1.0 },null],"q\\"":"ü","y":{"z":{ "a": 1.0 }}}',
	);
	assert.is(
		stringifyJson({ a: [undefined, () => 1, { b: new Date(0) }] }),
		JSON.stringify({ a: [undefined, () => 1, { b: new Date(0) }] }),
	);
});

test("raw JSON must be one JSON value in UTF-8", () => {
	for (const text of ["", "{", '1,"model":"x"', "1 2", "nul", '"\n"', "\ufeff1"])
		assert.is(RawJson.from(Buffer.from(text)), undefined, text);
	assert.is(RawJson.from(Uint8Array.of(0x22, 0xff, 0x22)), undefined);
	assert.is(RawJson.from(Buffer.from(" 1.50 "))?.text, " 1.50 ");
	assert.is(RawJson.from(Buffer.from(" 1.50 "))?.value, 1.5);
});

test.run();
