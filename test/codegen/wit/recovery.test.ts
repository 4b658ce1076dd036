/** Faults are found at their place, several at once, and one does not make others up. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { faultsOf, inInterface } from "../../helpers/wit-text.ts";

const test = suite("wit recovery");

test("three faults in one file are three located diagnostics", () => {
	const text = `package a:b;

interface types {
	record point { x: u32, y u32 }
	enum color { red, green, red }
	draw: func(at: pont);
}
`;
	const { diagnostics, model } = readWitText(text, { path: "types.wit" });
	assert.is(model, undefined);
	assert.equal(
		diagnostics.map(({ code, message, span, help }) => ({ code, message, at: `${span.line}:${span.column}`, help })),
		[
			{ code: "syntax", message: "expected `:`, found `u32`", at: "4:27", help: undefined },
			{ code: "duplicate-name", message: "`red` is declared twice in enum `color`", at: "5:27", help: undefined },
			{ code: "unknown-type", message: "no type `pont` in interface `types`", at: "6:17", help: "did you mean `point`?" },
		],
	);
	assert.ok(diagnostics.every((each) => each.span.file === "types.wit"));
});

test("three syntax faults in one file are three located diagnostics", () => {
	const body = "f: func(a u8);\nrecord r { a: u8 b: u8 }\ng: fnc();\nok: func();";
	assert.equal(faultsOf(inInterface(body)), [
		"3:11 syntax expected `:`, found `u8`",
		"4:17 syntax expected `,` after `u8`, found `b`",
		"5:4 syntax expected `async` or `func`, found `fnc`",
	]);
});

test("a missing semicolon is shown where it belongs, and costs nothing else", () => {
	assert.equal(faultsOf(inInterface("type a = u32\ntype b = a;\nf: func(x: b) -> a // end\ng: func(x: nope);")), [
		"3:13 syntax expected `;` after `u32`, found `type`",
		"5:19 syntax expected `;` after `a`, found `g`",
		"6:12 unknown-type no type `nope` in interface `i`",
	]);
});

test("a missing comma at the end of a line is shown where it belongs", () => {
	assert.equal(faultsOf(inInterface("record r {\n\ta: u8\n\tb: u8,\n}\nenum e {\n\tx\n\ty\n}\nf: func(r: r, e: e);")), [
		"4:7 syntax expected `,` after `u8`, found `b`",
		"8:3 syntax expected `,` after `x`, found `y`",
	]);
});

test("a missing brace is shown with the one that is open", () => {
	const { diagnostics } = readWitText("package a:b;\ninterface a {\n\tf: func();\n\ninterface b {\n\tg: func(x: nope);\n}\n");
	assert.equal(
		diagnostics.map((each) => `${each.span.line}:${each.span.column} ${each.message}`),
		["3:12 expected `}` after `;`, found `interface`", "6:13 no type `nope` in interface `b`"],
	);
	assert.equal(
		diagnostics[0]?.related?.map((each) => `${each.span.line}:${each.span.column} ${each.message}`),
		["2:13 the brace of this interface is not closed"],
	);
});

test("a file that breaks off", () => {
	assert.equal(faultsOf("package a:b;\ninterface i {\n\tresource r {\n\t\tf: func();\n"), [
		"4:13 syntax expected `}}` after `;`, found the end of the file",
	]);
	assert.equal(faultsOf("package a:b;\ninterface i {\n\tf: func("), ["3:10 syntax expected a name or `)`, found the end of the file"]);
});

test("a missing brace before another item is one fault, shown where it belongs", () => {
	for (const [body, place, opening] of [
		["record r {\n\ta: u32,\n\n@since(version = 1.0.0)\nf: func(x: r);", "4:9", "3:10"],
		["record r {\n\ta: u32\nf: func(x: r);", "4:8", "3:10"],
		["record r {\n\ta: u32,\nrecord s {\n\tb: u32,\n}\nf: func(x: r, y: s);", "4:9", "3:10"],
		["variant r {\n\ta(u32),\ntype s = u8;\nf: func(x: r, y: s);", "4:9", "3:11"],
		["enum r {\n\ta,\n\tb\nflags s { c }\nf: func(x: r, y: s);", "5:3", "3:8"],
		["resource r {\n\tf: func();\n/// docs\nrecord s { b: u32 }\ng: func(x: s);", "4:12", "3:12"],
	] as const) {
		const { diagnostics } = readWitText(inInterface(body));
		assert.equal(
			diagnostics.map(({ code, span, related }) => [code, ...[span, related?.[0]?.span].map((each) => `${each?.line}:${each?.column}`)]),
			[["syntax", place, opening]],
			body,
		);
	}
});

test("a missing sign is put in, whatever stands around it", () => {
	for (const [body, fault] of [
		["f: func(a: u8;", "3:14 syntax expected `)` after `u8`, found `;`"],
		["f: func(a: list<u8);", "3:19 syntax expected `,` or `>`, found `)`"],
		["f: func() -> result<u8, string;", "3:31 syntax expected `>` after `string`, found `;`"],
		["f: func(a: u8 b: u8);", "3:14 syntax expected `,` after `u8`, found `b`"],
		["type a = u8/* close */ \ntype b = a;", "3:12 syntax expected `;` after `u8`, found `type`"],
	] as const) {
		assert.equal(faultsOf(inInterface(body)), [fault], body);
	}
	assert.equal(faultsOf("package a:b@0.1.0\ninterface i {}"), ["1:18 syntax expected `;` after `0.1.0`, found `interface`"]);
	assert.equal(faultsOf("package a:b;\ninterface t { type x = u8; }\ninterface i { use t.{x; f: func(a: x); }"), [
		"3:23 syntax expected `}` after `x`, found `;`",
	]);
});

test("an item where it cannot stand is one fault", () => {
	assert.equal(faultsOf("package a:b;\ninterface i {\n\tinterface j { f: func(); }\n\tg: func();\n}"), [
		"3:2 syntax expected a type, a function, `use` or `}`, found `interface`",
	]);
	assert.equal(faultsOf("package a:b;\npackage c:d {\n\tpackage e:f { interface i {} }\n\tinterface j {}\n}\nworld w { import c:d/j; }"), [
		"3:2 nested-package a package cannot stand inside another",
	]);
});

test("a brace too many in the middle is one fault", () => {
	assert.equal(faultsOf(inInterface("record r { a: u8, } }\nf: func(x: r);\ng: func();")), [
		"4:1 syntax expected an interface, a world, `use` or a package, found `f`",
	]);
});

test("a closing brace too many", () => {
	assert.equal(faultsOf("package a:b;\ninterface i {}\n}\nworld w { import j; }"), [
		"3:1 syntax expected an interface, a world, `use` or a package, found `}`",
		"4:18 unknown-name no interface or world `j` in package `a:b`",
	]);
});

test("names lost with a faulty item are not unknown", () => {
	assert.equal(faultsOf(inInterface("record r { a: u8 u8 } x;\nrecrod point { x: u8 }\nf: func(a: point);")), [
		"3:18 syntax expected `,` or `}`, found `u8`",
		"3:24 syntax expected `:`, found `;`",
		"4:8 syntax expected `:`, found `point`",
	]);
});

test("a misspelt keyword is recognised", () => {
	const { diagnostics } = readWitText(inInterface("recrod point { x: u8 }"));
	assert.equal(
		diagnostics.map((each) => each.help),
		["did you mean `record` instead of `recrod`?"],
	);
});

test("a keyword as a name is called that, with the way out", () => {
	const faults = (text: string) =>
		readWitText(text).diagnostics.map((each) => `${each.span.line}:${each.span.column} ${each.code} ${each.help}`);
	assert.equal(faults(inInterface("record r { list: u8, type: u8 }\nstream: func();\nrecord: func(a: r);")), [
		"3:12 keyword-as-name write `%list`",
		"3:22 keyword-as-name write `%type`",
		"4:1 keyword-as-name write `%stream`",
		"5:1 keyword-as-name write `%record`",
	]);
	assert.equal(
		faults(inInterface("resource r {\n\tinterface: func();\n\tg: func();\n}\nvariant v { list(u8), own }\nenum e { type, use }")),
		[
			"4:2 keyword-as-name write `%interface`",
			"7:13 keyword-as-name write `%list`",
			"7:23 keyword-as-name write `%own`",
			"8:10 keyword-as-name write `%type`",
			"8:16 keyword-as-name write `%use`",
		],
	);
	assert.equal(faults("package my:world;\ninterface interface {}\nworld w { import interface; }"), [
		"1:12 keyword-as-name write `%world`",
		"2:11 keyword-as-name write `%interface`",
		"3:18 keyword-as-name write `%interface`",
	]);
});

test("types as other languages spell them", () => {
	const { diagnostics } = readWitText(inInterface("f: func(a: int, b: float64, c: strng, d: boolean);"));
	assert.equal(
		diagnostics.map((each) => each.help),
		["WIT calls it `s32`", "WIT calls it `f64`", "did you mean `string`?", "WIT calls it `bool`"],
	);
});

test("an unclosed block comment is shown where it opens", () => {
	assert.equal(faultsOf("package a:b;\nworld w {}\n/* open /* closed */\n"), ["3:1 unclosed-comment this block comment is never closed"]);
});

test("characters that deceive the eye are refused", () => {
	assert.equal(faultsOf("package a:b;\n// \u202e\nworld w {}"), [
		"2:4 forbidden-character the character U+202E is not allowed in WIT, not even in a comment",
	]);
});

test("what is nested without end is refused, not crashed on", () => {
	const depth = 20_000;
	assert.equal(faultsOf(inInterface(`f: func(a: ${"list<".repeat(depth)}u8${">".repeat(depth)});`)).length, 1);
	assert.equal(faultsOf(`package a:b; ${"/*".repeat(depth)}${"*/".repeat(depth)}`).length, 1);
	assert.match(faultsOf(`package a:b; ${"{".repeat(depth)}`)[0] ?? "", "too-deep");
});

test("chains of any length are read", () => {
	const chain = (count: number, link: (index: number, next: string | undefined) => string) =>
		Array.from({ length: count }, (_, index) => link(index, index + 1 < count ? String(index + 1) : undefined)).join("\n");
	const records = chain(12_000, (index, next) => `record r${index} { x: ${next === undefined ? "u8" : `r${next}`} }`);
	const aliases = chain(3000, (index, next) => `type a${index} = ${next === undefined ? "s" : `a${next}`};`);
	const body = `${records}\n${aliases}\nresource s;\nf: func(x: r0, y: borrow<a0>) -> r0;\nrecord loop { x: loop }`;
	assert.equal(faultsOf(inInterface(body)), [
		"11903:8 too-deep type `r11900` is nested more than 100 deep, which components do not hold",
		"15005:18 recursive-type type `loop` contains itself: `loop` → `loop`",
	]);

	const faces = chain(3000, (index, next) => `interface i${index} { ${next === undefined ? "type t = u8;" : `use i${next}.{t};`} }`);
	const worlds = chain(3000, (index, next) => `world w${index} { ${next === undefined ? "import f: func();" : `include w${next};`} }`);
	const uses = chain(3000, (index, next) => `use ${next === undefined ? "i0" : `a${next}`} as a${index};`);
	assert.equal(faultsOf(`package a:b;\n${faces}\n${worlds}\n${uses}\nworld last { export a0; }`), []);
});

test("text that is no WIT at all", () => {
	assert.equal(faultsOf(""), ["1:1 missing-package no file of `input.wit` declares its package"]);
	assert.match(faultsOf("\u0000\u0001\u0002").join("\n"), "forbidden-character");
	assert.match(faultsOf('{ "json": true }').join("\n"), "syntax");
});

test.run();
