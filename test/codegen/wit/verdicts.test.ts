/**
 * What is WIT and what is not: small packages with the verdict of this reader, each checked against the verdict of the
 * official parser, and compared with its reading where both accept.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { describeWorld, findWorld } from "../../helpers/wit-describe.ts";
import { askOracle } from "../../helpers/wit-oracle.ts";
import { inInterface } from "../../helpers/wit-text.ts";

function numbered(count: number): string {
	return Array.from({ length: count }, (_, index) => `flag${index}`).join(", ");
}

/** Records `t0`, `t1` … each in the one before. */
function nested(count: number): string {
	const inner = (index: number) => (index + 1 < count ? `t${index + 1}` : "u8");
	return Array.from({ length: count }, (_, index) => `record t${index} { x: ${inner(index)} }`).join(" ");
}

const VALID: readonly (readonly [name: string, text: string])[] = [
	["ok", inInterface("f: func();")],
	["32 flags", inInterface(`flags r { ${numbered(32)} } f: func(a: r);`)],
	["list 4", inInterface("f: func(a: list<u8, 4>);")],
	["list 04", inInterface("f: func(a: list<u8, 04>);")],
	["map", inInterface("f: func(a: map<string, u8>);")],
	["stream", inInterface("f: func(a: stream<u8>) -> future<string>;")],
	["stream bare", inInterface("f: func(a: stream) -> future;")],
	["stream borrow", inInterface("resource r; f: func(a: stream<borrow<r>>);")],
	["future borrow", inInterface("resource r; f: func(a: future<borrow<r>>);")],
	["error-context", inInterface("f: func(a: error-context);")],
	["static self", inInterface("resource r { a: static func(self: u8); }")],
	["constructor result", inInterface("resource r { constructor() -> result<r, string>; }")],
	["constructor result own", inInterface("resource r { constructor() -> result<own<r>, string>; }")],
	["constructor alias of result", inInterface("resource r { constructor() -> q; } type q = result<r>;")],
	["async static", inInterface("resource r { a: static async func(); b: async func(); }")],
	["alias of resource", inInterface("resource r; type q = r; f: func(a: q, b: borrow<q>);")],
	["alias of borrow", inInterface("resource r; type q = borrow<r>; f: func(a: q);")],
	["acronym", inInterface("a-XML-b: func();")],
	["digit segment", inInterface("a-1b: func();")],
	["digit segment only", inInterface("a-1: func();")],
	["trailing comma params", inInterface("f: func(a: u8,);")],
	["recursive through resource", inInterface("resource r { a: func(x: q); } record q { b: borrow<r> }")],
	["doc after gate", "package a:b@1.0.0;\ninterface i { @since(version = 1.0.0) /// x\n f: func(); }\nworld w { import i; }"],
	["deprecated first", inInterface("@deprecated(version = 1.0.0) @since(version = 1.0.0) f: func();")],
	["deprecated future", inInterface("@since(version = 1.0.0) @deprecated(version = 2.0.0) f: func();")],
	["unstable no package version", "package a:b; interface i { @unstable(feature = x) f: func(); } world w { import i; }"],
	["external-id", inInterface('@external-id("x") f: func();')],
	["labelled import", "package a:b; interface i { f: func(); } world w { import x: i; }"],
	["import+export", "package a:b; interface i { f: func(); } world w { import i; export i; }"],
	["world import/export func", "package a:b; world w { import f: func(); export f: func(); }"],
	["world type vs export", "package a:b; world w { type f = u8; export f: func(); }"],
	["world plain vs interface name", "package a:b; interface i { f: func(); } world w { import i; import i: func(); }"],
	["world use", "package a:b; interface i { type t = u8; } world w { use i.{t}; import f: func(a: t); }"],
	["world resource", "package a:b; world w { resource r { constructor(); } import f: func(a: r); }"],
	["world export own resource", "package a:b; world w { resource r; export f: func(a: r) -> r; }"],
	["include with", "package a:b; world a { import f: func(); } world w { include a with { f as g } }"],
	["include type", "package a:b; world a { type t = u8; import f: func(a: t); } world w { include a; }"],
	[
		"include export both",
		"package a:b; interface i {f: func();} world a { export i; } world b { export i; } world w { include a; include b; }",
	],
	["use repeated rename", "package a:b; interface a { type t = u8; } interface b { use a.{t, t as u}; } world w { import b; }"],
	["use chain", "package a:b; interface a { type t = u8; } interface b { use a.{t}; } interface c { use b.{t}; } world w { import c; }"],
	["top-level use alias", "package a:b; use i as j; interface i { type t = u8; } interface b { use j.{t}; } world w { import b; }"],
	["top-level use world", "package a:b; world q {} use q as z; world w { include z; }"],
	[
		"nested package",
		"package a:b; package c:d@1.0.0 { interface i { type t = u8; } } interface j { use c:d/i@1.0.0.{t}; } world w { import j; }",
	],
	["nested uses root", "package a:b; interface i { type t = u8; } package c:d { interface j { use a:b/i.{t}; } } world w { }"],
	["nested block comment", "package a:b; /* a /* b */ c */ world w {}"],
	["labelled ws", "package a:b; interface i {} world w { import a : i; }"],
	["labelled ws2", "package a:b; interface i {} world w { import a: i; }"],
	["labelled ws3", "package a:b; interface i {} world w { import a :i; }"],
	["nested package docs", "package a:b; /// d\npackage c:d { } world w {}"],
	["gate on use", "package a:b@1.0.0; interface i {type t = u8;} interface j { @since(version=1.0.0) use i.{t}; } world w {import j;}"],
	["gate on include", "package a:b@1.0.0; world v {} world w { @since(version=1.0.0) include v; }"],
	["types 100 deep", inInterface(`${nested(99)} f: func(a: t0);`)],
	["lists of types 100 deep", inInterface(`${nested(98)} f: func(a: list<t0>);`)],
	[
		"a chain of names",
		inInterface(
			`${Array.from({ length: 200 }, (_, index) => `type t${index} = t${index + 1};`).join(" ")} type t200 = u8; f: func(a: t0);`,
		),
	],
	["percent name", inInterface("%list: func(%u8: u8); %foo: func();")],
	["percent package", "package %a:%b; world w { }"],
	["percent keyword", "package a:b; interface %list {f: func();} world w { import %list; }"],
	["self named record", inInterface("record self { self: u8 } f: func(self: self);")],
	[
		"export interface using world type ok",
		"package a:b; interface i { resource r; } interface j { use i.{r}; f: func(a: borrow<r>) -> r; } world w { export j; }",
	],
	["option<borrow> param", inInterface("resource r; f: func(a: option<borrow<r>>, b: list<borrow<r>>);")],
	["variant w/ own", inInterface("resource r; variant v { a(r), b(borrow<r>) } f: func(a: v);")],
	["use empty", "package a:b; interface a { type t = u8; } interface b { use a.{}; } world w { import b; }"],
	["use empty in a world", "package a:b; interface a { type t = u8; } world w { use a.{}; }"],
	[
		"include renames a resource",
		"package a:b; world a { resource r { m: func(o: borrow<r>) -> r; } import f: func(x: list<r>) -> r; } world w { include a with { r as s } }",
	],
	[
		"include renames a record",
		"package a:b; world a { record q { x: u8 } variant v { y(q) } type l = list<v>; import g: func(x: l); } world w { include a with { q as p, v as u } }",
	],
	[
		"include renames a used type",
		"package a:b; interface i { type t = u8; resource r; } world a { use i.{t, r}; import f: func(x: t, y: r); } world w { include a with { t as u } }",
	],
	[
		"include renames out of a clash",
		"package a:b; world a { type t = u8; import f: func(x: t); } world b { type t = u16; import g: func(x: t); } world w { include a with { t as u } include b; }",
	],
	[
		"include renames a type and a function",
		"package a:b; world a { type t = u8; import f: func(x: t); } world w { include a with { t as u, f as g } include a; }",
	],
	[
		"include renames an exported resource",
		"package a:b; world a { resource r; export f: func(x: r); } world w { include a with { r as s } }",
	],
	["rename exports too", "package a:b; world a { import f: func(); export f: func(); } world w { include a with { f as g } }"],
	[
		"labelled interface renamed by include",
		"package a:b; interface i { f: func(); } world a { import x: i; } world w { include a with { x as y } }",
	],
	[
		"exported chain",
		"package a:b; interface c { type t = u8; } interface b { use c.{t}; } interface a { use b.{t}; } world w { export a; export b; export c; }",
	],
];

/** With the codes of all errors, in order. */
const FAULTY: readonly (readonly [name: string, codes: string, text: string])[] = [
	["empty record", "empty-type", inInterface("record r {} f: func(a: r);")],
	["empty variant", "empty-type", inInterface("variant r {} f: func(a: r);")],
	["empty enum", "empty-type", inInterface("enum r {} f: func(a: r);")],
	["empty flags", "empty-type", inInterface("flags r {} f: func(a: r);")],
	["33 flags", "too-many-flags", inInterface(`flags r { ${numbered(33)} } f: func(a: r);`)],
	["empty tuple", "empty-type", inInterface("f: func(a: tuple<>);")],
	["types 101 deep", "too-deep", inInterface(`${nested(100)} f: func(a: t0);`)],
	["types 500 deep", "too-deep", inInterface(`${nested(500)} f: func(a: t0);`)],
	["a list of types 100 deep", "too-deep", inInterface(`${nested(99)} f: func(a: list<t0>);`)],
	["list 0", "invalid-list-length", inInterface("f: func(a: list<u8, 0>);")],
	["list huge", "invalid-list-length", inInterface("f: func(a: list<u8, 4294967296>);")],
	["map f32", "invalid-map-key", inInterface("f: func(a: map<f32, u8>);")],
	["map alias", "invalid-map-key", inInterface("type k = string; f: func(a: map<k, u8>);")],
	["map list", "invalid-map-key", inInterface("f: func(a: map<list<u8>, u8>);")],
	["stream char", "invalid-stream-element", inInterface("f: func(a: stream<char>);")],
	["name error-context", "keyword-as-name", inInterface("error-context: func();")],
	["method named as resource", "duplicate-name", inInterface("resource r { r: func(); }")],
	["method repeated static", "duplicate-name", inInterface("resource r { a: func(); a: static func(); }")],
	["method self", "duplicate-name", inInterface("resource r { a: func(self: u8); }")],
	["method SELF", "duplicate-name", inInterface("resource r { a: func(SELF: u8); }")],
	["two constructors", "duplicate-name", inInterface("resource r { constructor(); constructor(); }")],
	["constructor r", "constructor-result", inInterface("resource r { constructor() -> r; }")],
	["constructor result other", "constructor-result", inInterface("resource s; resource r { constructor() -> result<s>; }")],
	["constructor alias", "constructor-result", inInterface("resource r { constructor() -> result<q>; } type q = r;")],
	["borrow of alias of own", "not-a-resource", inInterface("resource r; type q = own<r>; f: func(a: borrow<q>);")],
	["borrow of record", "not-a-resource", inInterface("record r {a: u8} f: func(a: borrow<r>);")],
	["borrow result deep", "borrow-in-result", inInterface("resource r; record q {a: borrow<r>} f: func() -> list<q>;")],
	["repeated func case", "duplicate-name", inInterface("foo: func(); FOO: func();")],
	["repeated field case", "duplicate-name", inInterface("record r {a: u8, A: u8} f: func(a: r);")],
	["repeated param case", "duplicate-name", inInterface("f: func(a: u8, A: u8);")],
	["function named as a type", "duplicate-name", inInterface("type f = u8; f: func();")],
	["result<_>", "syntax", inInterface("f: func() -> result<_>;")],
	["result<_,_>", "syntax", inInterface("f: func() -> result<_, _>;")],
	["self ref alias", "recursive-type", inInterface("type a = a;")],
	["since+feature", "syntax", inInterface("@since(version = 1.0.0, feature = x) f: func();")],
	["since future", "gate-in-future", inInterface("@since(version = 1.0.1) f: func();")],
	[
		"since no package version",
		"gate-without-package-version",
		"package a:b; interface i { @since(version = 1.0.1) f: func(); } world w { import i; }",
	],
	["deprecated alone", "conflicting-gates", inInterface("@deprecated(version = 1.0.0) f: func();")],
	["since twice", "conflicting-gates", inInterface("@since(version = 1.0.0) @since(version = 1.0.0) f: func();")],
	["since+unstable", "conflicting-gates", inInterface("@since(version = 1.0.0) @unstable(feature = x) f: func();")],
	[
		"own package path",
		"own-package-path own-package-path",
		"package a:b@1.0.0; interface i { type t = u8; } interface j { use a:b/i@1.0.0.{t}; } world w { import a:b/i@1.0.0; }",
	],
	[
		"own package path without version",
		"own-package-path",
		"package a:b; interface i { type t = u8; } interface j { use a:b/i.{t}; } world w { import j; }",
	],
	["labelled import qualified", "own-package-path", "package a:b; interface i { f: func(); } world w { import x: a:b/i; }"],
	["import a:b", "package-as-interface", "package a:b; interface i { f: func(); } world w { import a:i; }"],
	["import twice", "duplicate-interface", "package a:b; interface i { f: func(); } world w { import i; import i; }"],
	["world import func dup", "duplicate-name", "package a:b; world w { import f: func(); import f: func(); }"],
	["world import func case dup", "duplicate-name", "package a:b; world w { import f: func(); import F: func(); }"],
	["world type vs import", "duplicate-name", "package a:b; world w { type f = u8; import f: func(); }"],
	["inline sees world type", "unknown-type", "package a:b; world w { type t = u8; import x: interface { f: func(a: t); } }"],
	["include self", "include-cycle", "package a:b; world w { include w; }"],
	[
		"include repeated plain",
		"duplicate-name",
		"package a:b; world a { import f: func(); } world b { import f: func(); } world w { include a; include b; }",
	],
	["include with;", "syntax", "package a:b; world a { import f: func(); } world w { include a with { f as g }; }"],
	["include with unknown", "unknown-name", "package a:b; world a { import f: func(); } world w { include a with { x as g } }"],
	["include with twice", "duplicate-name", "package a:b; world a { import f: func(); } world w { include a with { f as g, f as h } }"],
	[
		"include with interface",
		"unknown-name",
		"package a:b; interface i {f: func();} world a { import i; } world w { include a with { i as g } }",
	],
	[
		"include type use it",
		"unknown-type",
		"package a:b; world a { type t = u8; import f: func(a: t); } world w { include a; import g: func(a: t); }",
	],
	[
		"include both use same",
		"duplicate-name",
		"package a:b; interface i { type t = u8; } world a { use i.{t}; } world b { use i.{t}; } world w { include a; include b; }",
	],
	["include same world twice func", "duplicate-name", "package a:b; world a { import f: func(); } world w { include a; include a; }"],
	[
		"include repeated type",
		"duplicate-name",
		"package a:b; world a { type t = u8; } world b { type t = u8; } world w { include a; include b; }",
	],
	[
		"include export func dup",
		"duplicate-name",
		"package a:b; world a { export f: func(); } world b { export f: func(); } world w { include a; include b; }",
	],
	[
		"ambiguous",
		"ambiguous-dependency",
		"package a:b; interface c { type t = u8; } interface b { use c.{t}; } interface a { use b.{t}; } world w { export a; export c; }",
	],
	[
		"interface cycle",
		"interface-cycle",
		"package a:b; interface a { use b.{x}; type y = u8; } interface b { use a.{y}; type x = u8; } world w { import a; }",
	],
	["use self interface", "interface-cycle", "package a:b; interface a { use a.{y}; type x = u8; } world w { import a; }"],
	["use function", "not-a-type", "package a:b; interface a { f: func(); } interface b { use a.{f}; } world w { import b; }"],
	["use world", "not-an-interface", "package a:b; world a { type t = u8; } interface b { use a.{t}; } world w { import b; }"],
	["use dup", "duplicate-name", "package a:b; interface a { type t = u8; } interface b { use a.{t}; use a.{t}; } world w { import b; }"],
	["top-level use alias self", "duplicate-name", "package a:b; use i as i; interface i { type t = u8; } world w { import i; }"],
	[
		"top-level use repeated item",
		"duplicate-name",
		"package a:b; use j as i; interface i { type t = u8; } interface j {} world w { import i; }",
	],
	["top-level use unknown", "unknown-name", "package a:b; use zz as i; world w { }"],
	["nested package before", "syntax", "package c:d@1.0.0 { interface i { type t = u8; } } package a:b; world w { }"],
	["only nested", "missing-package", "package c:d { world w {} }"],
	["nested package same as root", "duplicate-package", "package a:b; package a:b { interface i {} } world w { }"],
	[
		"nested package repeated same",
		"duplicate-package",
		"package a:b; package c:d { interface i {} } package c:d { interface i {} } world w { }",
	],
	[
		"nested package repeated diff",
		"duplicate-package",
		"package a:b; package c:d { interface i {} } package c:d { interface j {} } world w { }",
	],
	[
		"nested cycle",
		"package-cycle",
		"package a:b; package c:d { interface i { use e:f/i.{t}; type u = u8; } } package e:f { interface i { type t = u8; use c:d/i.{u}; } } world w { }",
	],
	[
		"nested use file alias",
		"unknown-name",
		"package a:b; use i as k; interface i {type t = u8;} package c:d { interface i { type t = u8; } interface j { use k.{t}; } } world w { }",
	],
	["nested ns", "nested-package-name", "package a:b:c; world w {}"],
	["nested name", "nested-package-name", "package a:b/c; world w {}"],
	["interface/world dup", "duplicate-name", "package a:b; interface w {} world w {}"],
	["interface repeated case", "duplicate-name", "package a:b; interface i {} interface I {} world w {import i; import I;}"],
	["no package", "missing-package", "interface i {} world w {}"],
	["bad version", "invalid-version", "package a:b@1.0; world w {}"],
	["version pre", "own-package-path", "package a:b@1.0.0-rc.1+build.5; interface i {} world w { import a:b/i@1.0.0-rc.1+build.5; }"],
	["wrong version", "unknown-package", "package a:b; package c:d@1.0.0 { interface i {} } world w { import c:d/i@1.0.1; }"],
	["missing version", "unknown-package", "package a:b; package c:d@1.0.0 { interface i {} } world w { import c:d/i; }"],
	["bidi", "forbidden-character", "package a:b; /// \u202e x\nworld w {}"],
	["deprecated cp", "forbidden-character", "package a:b; /// \u0149 x\nworld w {}"],
	["nul comment", "forbidden-character", "package a:b; // \u0000 x\nworld w {}"],
	["unclosed comment", "unclosed-comment", "package a:b; world w {} /* a "],
	["blanks in path", "own-package-path", "package a : b; interface i {} world w { import a : b / i; }"],
	["import a: b/i", "own-package-path", "package a:b; interface i {} world w { import a: b/i; }"],
	["gate on top-level use", "misplaced-gate", "package a:b@1.0.0; @since(version=1.0.0) use i as j; interface i {} world w {}"],
	["gate on package", "syntax", "@since(version=1.0.0) package a:b@1.0.0; world w { }"],
	["underscore name", "syntax", inInterface("_: func();")],
	["underscore name2", "invalid-name", inInterface("a_b: func();")],
	["camel", "invalid-name", inInterface("aB: func();")],
	["double dash", "invalid-name", inInterface("a--b: func();")],
	["trail dash", "invalid-name", inInterface("a-: func();")],
	["repeated case variant", "duplicate-name", inInterface("variant v {a, A} f: func(a: v);")],
	["repeated flags", "duplicate-name", inInterface("flags v {a, a} f: func(a: v);")],
	["async constructor", "syntax", inInterface("resource r { async constructor(); }")],
	["stray ;", "syntax", inInterface("f: func();;")],
	["record no sep", "syntax", inInterface("record r { a: u8 b: u8 }")],
	["from name", "keyword-as-name", inInterface("from: func();")],
	["unused bad", "empty-type", "package a:b; interface i { record r {} } world w {}"],
	["unused use missing", "unknown-name", "package a:b; interface i { use j.{x}; } world w {}"],
	["func names repeated with resource", "duplicate-name", inInterface("resource r; r: func();")],
	[
		"include diamond of a type",
		"duplicate-name",
		"package a:b; interface i { type t = u8; } world base { use i.{t}; } world a { include base; } world b { include base; } world w { include a; include b; }",
	],
];

/** Where this reader is stricter than the official parser, and why. */
const STRICTER: ReadonlyMap<string, string> = new Map([
	["import a:b", "WIT.md calls `import a:b;` an error: `a:b` is one token and names a package"],
	["include with twice", "the second renaming would have no effect"],
	["interface repeated case", "WIT.md wants names unique without regard to case"],
	["unused bad", "the official parser checks only what the world reaches when it encodes"],
]);

const test = suite("verdicts");

for (const [name, text] of VALID) {
	test(`accepts: ${name}`, () => {
		const { model, diagnostics } = readWitText(text, { features: "all" });
		assert.equal(
			diagnostics.filter((each) => each.severity === "error"),
			[],
		);
		assert.ok(model);
	});
}

for (const [name, codes, text] of FAULTY) {
	test(`refuses: ${name}`, () => {
		const { model, diagnostics } = readWitText(text, { features: "all" });
		const errors = diagnostics.filter((each) => each.severity === "error");
		assert.is(errors.map((each) => each.code).join(" "), codes);
		assert.is(model, undefined);
	});
}

test("agrees with the official parser on every case, except where it is known to be stricter", async () => {
	const cases = [...VALID, ...FAULTY.map(([name, , text]) => [name, text] as const)];
	const answers = await askOracle(cases.map(([, text]) => ({ text, world: "w" })));
	const disagreements: string[] = [];
	let same = 0;
	for (const [index, [name, text]] of cases.entries()) {
		const answer = answers[index];
		assert.ok(answer, name);
		const { model } = readWitText(text, { features: "all" });
		if ((answer.kind === "accepted") !== (model !== undefined)) {
			disagreements.push(name);
		} else if (answer.kind === "accepted" && model !== undefined) {
			assert.equal(describeWorld(findWorld(model, "w")), describeWorld(findWorld(readOfficial(answer.files), "w")), name);
			same++;
		}
	}
	assert.equal(disagreements.sort(), [...STRICTER.keys()].sort());
	console.log(`${cases.length} verdicts compared, ${same} readings compared, ${disagreements.length} known differences`);
});

/** The text of the official parser as one file: its dependencies become nested packages. */
function readOfficial(files: readonly (readonly [name: string, text: string])[]) {
	const nested = files.filter(([path]) => path.startsWith("deps/")).map(([, text]) => `${text.replace(/;/, " {")}\n}\n`);
	const main = files.filter(([path]) => !path.startsWith("deps/")).map(([, text]) => text);
	const { model, diagnostics } = readWitText([...main, ...nested].join("\n"), { features: "all" });
	assert.ok(model, diagnostics.map((each) => each.message).join("; "));
	return model;
}

test.run();
