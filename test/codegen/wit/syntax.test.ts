/** The grammar, feature by feature: what is written is what the model holds. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { describeRef } from "../../helpers/wit-describe.ts";
import { faultsOf, inInterface, interfaceOf, modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit syntax");

/** The type of the one parameter of the one function. */
function typeOf(type: string, before = ""): string {
	const param = interfaceOf(`${before} f: func(x: ${type});`).functions[0]?.params[0];
	assert.ok(param);
	return describeRef(param.type);
}

const PRIMITIVES = "bool u8 u16 u32 u64 s8 s16 s32 s64 f32 f64 char string error-context".split(" ");

for (const name of PRIMITIVES) {
	test(`primitive ${name}`, () => assert.is(typeOf(name), name));
}

const TYPES = [
	["list<u8>", "list<u8>"],
	["list<u8, 4>", "list<u8, 4>"],
	["map<string, list<u8>>", "map<string, list<u8>>"],
	["option<option<u8>>", "option<option<u8>>"],
	["result", "result<_, _>"],
	["result<u8>", "result<u8, _>"],
	["result<_, string>", "result<_, string>"],
	["result<u8, string>", "result<u8, string>"],
	["tuple<u8, string,>", "tuple<u8, string>"],
	["stream", "stream<_>"],
	["stream<list<u8>>", "stream<list<u8>>"],
	["future", "future<_>"],
	["future<string>", "future<string>"],
] as const;

for (const [written, read] of TYPES) {
	test(`type ${written}`, () => assert.is(typeOf(written), read));
}

test("a resource named bare or in own<> is an owned handle, in borrow<> a borrowed one", () => {
	assert.is(typeOf("r", "resource r;"), "own a:b@1.0.0/i#r");
	assert.is(typeOf("own<r>", "resource r;"), "own a:b@1.0.0/i#r");
	assert.is(typeOf("borrow<r>", "resource r;"), "borrow a:b@1.0.0/i#r");
});

test("an alias of a resource can be borrowed, and leads to the resource", () => {
	assert.is(typeOf("borrow<q>", "type q = r; resource r;"), "borrow a:b@1.0.0/i#r");
});

test("declared types keep names and order of their parts", () => {
	const { types } = interfaceOf(`
		type a = u32;
		record r { b: a, a: list<a>, }
		variant v { none, some(r), other(string) }
		enum e { red, green, }
		flags f { read, write }
	`);
	assert.equal(
		types.map((type) => [type.kind, type.name]),
		[
			["alias", "a"],
			["record", "r"],
			["variant", "v"],
			["enum", "e"],
			["flags", "f"],
		],
	);
	const [, record, variant, enumeration, flags] = types;
	assert.ok(record?.kind === "record" && variant?.kind === "variant");
	assert.ok(enumeration?.kind === "enum" && flags?.kind === "flags");
	assert.equal(
		record.fields.map((field) => `${field.name}: ${describeRef(field.type)}`),
		["b: a:b@1.0.0/i#a", "a: list<a:b@1.0.0/i#a>"],
	);
	assert.equal(
		variant.cases.map((each) => [each.name, each.type && describeRef(each.type)]),
		[
			["none", undefined],
			["some", "a:b@1.0.0/i#r"],
			["other", "string"],
		],
	);
	assert.is("type" in (variant.cases[0] ?? {}), false);
	assert.equal(
		enumeration.cases.map((each) => each.name),
		["red", "green"],
	);
	assert.equal(
		flags.flags.map((each) => each.name),
		["read", "write"],
	);
});

test("functions: parameters, result, async", () => {
	const { functions } = interfaceOf(`
		nothing: func();
		both: func(a: u8, b: string,) -> result<u8, string>;
		later: async func() -> u8;
	`);
	assert.equal(
		functions.map((func) => [func.kind, func.name, func.async, func.params.length, "result" in func]),
		[
			["freestanding", "nothing", false, 0, false],
			["freestanding", "both", false, 2, true],
			["freestanding", "later", true, 0, true],
		],
	);
});

test("resources: constructor, methods, static functions", () => {
	const [resource] = interfaceOf(`
		resource r {
			constructor(size: u32) -> result<r, string>;
			read: func() -> list<u8>;
			wait: async func();
			open: static func(name: string) -> r;
			load: static async func() -> own<r>;
		}
	`).types;
	assert.ok(resource?.kind === "resource");
	assert.is(resource.constructorFunc?.kind, "constructor");
	assert.is(resource.constructorFunc?.name, "constructor");
	assert.is(resource.constructorFunc?.result && describeRef(resource.constructorFunc.result), "result<own a:b@1.0.0/i#r, string>");
	assert.equal(
		resource.functions.map((func) => [func.kind, func.name, func.async]),
		[
			["method", "read", false],
			["method", "wait", true],
			["static", "open", false],
			["static", "load", true],
		],
	);
	assert.ok(resource.functions.every((func) => func.resource === resource));
});

test("a percent sign makes a keyword a name, and is not part of it", () => {
	const { functions } = interfaceOf("%list: func(%type: u8); %plain: func();");
	assert.equal(
		functions.map((func) => func.name),
		["list", "plain"],
	);
	assert.is(functions[0]?.params[0]?.name, "type");
});

test("a keyword that begins with another keyword is no name either", () => {
	assert.equal(faultsOf(inInterface("f: func(async: u8);")).length, 1);
	assert.is(interfaceOf("f: func(%async: u8, asynchronous: u8);").functions[0]?.params[0]?.name, "async");
});

test("signs of block comments in a line comment nest nothing", () => {
	assert.equal(faultsOf(inInterface(`// ${"/*".repeat(200)}\n f: func();`)), []);
});

test("acronyms and digits are allowed in names", () => {
	assert.equal(
		interfaceOf("parse-XML: func(); XML2: func(); a-1: func();").functions.map((func) => func.name),
		["parse-XML", "XML2", "a-1"],
	);
});

test("comments of every form are blanks", () => {
	const text = "a: /* one /* two */ still */ func( // line\n /** doc of nothing */ ) /**/ ; //// four\n /***/";
	assert.equal(
		interfaceOf(text).functions.map((func) => func.name),
		["a"],
	);
});

test("a file may end without a newline, use CRLF and begin with nothing", () => {
	const { main } = modelOf("package a:b;\r\n\r\n/// doc\r\ninterface i {\r\n\tf: func();\r\n}");
	assert.is(main.interfaces[0]?.docs.text, "doc");
});

test("gates are kept as written", () => {
	const { functions } = interfaceOf(
		"@since(version = 0.2.0) @deprecated(version = 0.9.0) f: func(); @unstable(feature = new-things) g: func();",
		{ features: ["new-things"] },
	);
	assert.equal(
		functions.map((func) => func.gates),
		[{ since: { version: "0.2.0" }, deprecated: { version: "0.9.0" } }, { unstable: { feature: "new-things" } }],
	);
});

test("an external id is accepted and said to have no effect", () => {
	assert.equal(faultsOf(inInterface('@external-id("x/y") f: func();')), [
		"3:1 ignored-external-id `@external-id` is read but has no effect on what is generated",
	]);
});

test("versions may have a pre-release and build metadata, right before a list of names", () => {
	const model = modelOf(`
		package a:b;
		package c:d@1.0.0-rc.1+build.5 { interface t { type x = u8; } }
		interface i { use c:d/t@1.0.0-rc.1+build.5.{x}; f: func(a: x); }
	`);
	assert.equal(
		model.packages.map((each) => each.id),
		[
			{ namespace: "a", name: "b" },
			{ namespace: "c", name: "d", version: "1.0.0-rc.1+build.5" },
		],
	);
});

test("spans point at the name of what they belong to", () => {
	const [func] = interfaceOf("  %list: func(value: u8);").functions;
	assert.equal(func?.span, { file: "input.wit", line: 3, column: 3, offset: 35, endLine: 3, endColumn: 8, endOffset: 40 });
	assert.is(func?.params[0]?.span.column, 15);
	assert.is(func?.params[0]?.type.span.column, 22);
});

test("many comments side by side are not deep, whatever signs stand in line comments; a hundred in one another are read, and no more", () => {
	const signs = "/* ".repeat(150);
	for (const text of [`// ${signs}`, `/// ${signs}`, `/* ${"/* x */ ".repeat(150)}*/`, `${"/* ".repeat(100)}${"*/ ".repeat(100)}`])
		assert.equal(faultsOf(`package a:b;\n${text}\ninterface i {}\n`), [], text);
	assert.match(faultsOf(`package a:b;\n${"/* ".repeat(101)}${"*/ ".repeat(101)}`).join(), "too-deep");
});

test.run();
