/** Checks of values that a host passes, by the type key of the function. */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { camelCase } from "../../../../codegen/model/names/spelling.ts";
import { parseFunctionKey } from "../../../../src/abi/component/bindings/key-parser.ts";
import { checkOf, type PassedObjects, shown } from "../../../../src/abi/component/bindings/value-check.ts";
import { camel } from "../../../../src/abi/component/import-object.ts";

const test = suite("checks of values");

const objects: PassedObjects = { pass: () => true };

/** `.path must be …; got …` of the first wrong part, or `sound`. */
function verdict(type: string, value: unknown): string {
	const { result } = parseFunctionKey(`()->${type}`);
	assert.ok(result !== undefined);
	const found = checkOf(result)(value, objects);
	return found === undefined ? "sound" : `${found.path} must be ${found.wanted}; got ${shown(found.got)}`;
}

const SOUND: readonly (readonly [type: string, ...values: unknown[]])[] = [
	["bool", true, false],
	["u8", 0, 255, -0],
	["s8", -128, 127],
	["u16", 65_535],
	["s16", -32_768],
	["u32", 2 ** 32 - 1],
	["s32", -(2 ** 31)],
	["u64", 0n, 2n ** 64n - 1n],
	["s64", -(2n ** 63n), 2n ** 63n - 1n],
	["f32", 0.1, Number.NaN, Number.POSITIVE_INFINITY],
	["f64", -0, 1e300],
	["char", "a", "🜁", "\u0000"],
	["string", "", "\ud800"],
	["list<u8>", new Uint8Array(2), Buffer.from("ab")],
	["list<s64>", new BigInt64Array(1)],
	["list<string>", [], ["a"]],
	["option<string>", undefined, "a"],
	["option<option<u8>>", { tag: "none" }, { tag: "some", val: undefined }, { tag: "some", val: 1 }],
	["tuple<u8,list<char>>", [1, ["a"]]],
	["result<_,u8>", { tag: "ok" }, { tag: "err", val: 1 }],
	["record{a-b:u8,c:option<u8>}", { aB: 1 }, { aB: 1, c: 2, d: "more" }, Object.assign(Object.create({ aB: 1 }), {})],
	["variant{a:u8,b-c}", { tag: "a", val: 1 }, { tag: "b-c" }],
	["enum{a,b-c}", "b-c"],
	["flags{a,b-c}", {}, { a: true, bC: false }],
	["own<my:store/buckets.bucket>", {}, new Map()],
	["borrow<^my:store/buckets.bucket>", {}],
];

for (const [type, ...values] of SOUND)
	test(`values of ${type} pass`, () => {
		for (const value of values) assert.is(verdict(type, value), "sound");
	});

const WRONG: readonly (readonly [type: string, value: unknown, verdict: string])[] = [
	["bool", 1, " must be true or false; got 1"],
	["u8", 256, " must be an integer from 0 to 255; got 256"],
	["u8", Number.NaN, " must be an integer from 0 to 255; got NaN"],
	["s8", "1", ' must be an integer from -128 to 127; got "1"'],
	["u32", 1n, " must be an integer from 0 to 4294967295; got 1n"],
	["s32", 2 ** 31, " must be an integer from -2147483648 to 2147483647; got 2147483648"],
	["u64", 2n ** 65n, " must be a bigint from 0 to 18446744073709551615; got 36893488147419103232n"],
	["u64", 5, " must be a bigint from 0 to 18446744073709551615; got 5"],
	["f64", "x", ' must be a number; got "x"'],
	["char", "", ' must be a string of one character; got ""'],
	["char", "\ud800", ' must be a string of one character; got "\\ud800"'],
	["string", null, " must be a string; got null"],
	["list<u8>", [1], " must be a Uint8Array; got an array of 1"],
	["list<u8>", new Int8Array(1), " must be a Uint8Array; got an Int8Array"],
	["list<f32>", "text", ' must be a Float32Array; got "text"'],
	["list<string>", "text", ' must be an array; got "text"'],
	["list<string>", { length: 1, 0: "a" }, " must be an array; got an object"],
	["list<string>", ["a", undefined], "[1] must be a string; got undefined"],
	["option<string>", null, " must be a string; got null"],
	["option<option<u8>>", 1, ' must be an object whose `tag` is one of "none", "some"; got 1'],
	["tuple<u8,u8>", [1], " must be an array of 2; got an array of 1"],
	["tuple<u8,list<record{a:char}>>", [1, [{ a: "a" }, { a: 1 }]], "[1][1].a must be a string of one character; got 1"],
	["result<u8,_>", { tag: "ok", val: -1 }, ".val must be an integer from 0 to 255; got -1"],
	["record{a-b:u8}", undefined, " must be an object; got undefined"],
	["record{a-b:record{c:u8}}", { aB: { c: () => 1 } }, ".aB.c must be an integer from 0 to 255; got a function"],
	["variant{a,b:u8}", { tag: "c" }, '.tag must be one of "a", "b"; got "c"'],
	["variant{a,b:u8}", Promise.resolve(), '.tag must be one of "a", "b"; got undefined'],
	["enum{a-b}", "aB", ' must be one of "a-b"; got "aB"'],
	["flags{a}", ["a"], "sound"],
	["flags{a}", { a: 1 }, ".a must be true, false or undefined; got 1"],
	["own<my:store/buckets.bucket>", 1, " must be an object of `my:store/buckets.bucket`; got 1"],
	["string", Promise.resolve("a"), " must be a string; got a promise"],
	["u8", "x".repeat(100), ` must be an integer from 0 to 255; got "${"x".repeat(60)}" and 40 more`],
];

for (const [type, value, expected] of WRONG)
	test(`a ${typeof value} is judged as ${type}: ${expected.trim()}`, () => {
		assert.is(verdict(type, value), expected);
	});

test("names of an enum that are many are not all told", () => {
	const names = Array.from({ length: 100 }, (_, index) => `name-${index}`);
	assert.is(verdict(`enum{${names.join()}}`, "x"), ' must be one of "name-0", "name-1", "name-2", "name-3", "name-4" and 95 more; got "x"');
});

test("parameters are read with their names; a function without a result has none", () => {
	assert.equal(parseFunctionKey("(self:borrow<^a:b/c.d>,x-y:list<u8>)"), {
		params: [
			{ name: "self", type: { kind: "borrow", resource: "a:b/c.d", isOfGuest: true } },
			{ name: "x-y", type: { kind: "list", item: { kind: "primitive", name: "u8" } } },
		],
	});
	assert.equal(parseFunctionKey("()"), { params: [] });
});

test("members are called as the generator calls them", () => {
	const word = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/), fc.stringMatching(/^[A-Z][A-Z0-9]{0,4}$/));
	const next = fc.oneof(word, fc.stringMatching(/^[0-9][a-z0-9]{0,2}$/));
	fc.assert(
		fc.property(word, fc.array(next, { maxLength: 3 }), (first, others) => {
			const name = [first, ...others].join("-");
			assert.is(camel(name), camelCase(name));
		}),
	);
});

test.run();
