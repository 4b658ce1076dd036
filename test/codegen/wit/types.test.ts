/** Type resolution: identity across interfaces, order of declaration, and the faults only types can have. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { faultsOf, inInterface, interfaceOf, modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit types");

test("declarations may stand in any order", () => {
	const [record, alias] = interfaceOf("record r { a: b } type b = c; enum c { x }").types;
	assert.ok(record?.kind === "record" && alias?.kind === "alias");
	const [field] = record.fields;
	assert.ok(field?.type.kind === "named");
	assert.is(field.type.def, alias);
});

test("a used type is the one object that declares it, through any number of uses", () => {
	const { main } = modelOf(`
		package a:b;
		interface c { use b.{t as u, s}; f: func(x: u, y: borrow<s>); }
		interface b { use a.{t, r as s}; }
		interface a { record t { x: u8 } resource r; }
	`);
	const [c, b, a] = main.interfaces;
	const [record, resource] = a?.types ?? [];
	assert.equal(
		c?.uses.map((use) => use.name),
		["u", "s"],
	);
	assert.is(c?.uses[0]?.target, record);
	assert.is(b?.uses[1]?.target, resource);
	assert.equal(c?.types, []);
	const [x, y] = c?.functions[0]?.params ?? [];
	assert.ok(x?.type.kind === "named" && y?.type.kind === "handle");
	assert.is(x.type.def, record);
	assert.is(y.type.def, resource);
});

test("types know their owner", () => {
	assert.equal(interfaceOf("type t = u8;").types[0]?.owner, {
		kind: "interface",
		package: { namespace: "a", name: "b", version: "1.0.0" },
		name: "i",
	});
});

test("a type that contains itself is shown as the path", () => {
	const { diagnostics } = readWitText(inInterface("record a { b: list<b> }\nvariant b { c(option<c>) }\ntype c = tuple<u8, a>;"));
	assert.equal(
		diagnostics.map((each) => [each.span.line, each.span.column, each.message]),
		[[5, 20, "type `a` contains itself: `a` → `b` → `c` → `a`"]],
	);
});

test("a resource may lead back to itself: handles end the recursion", () => {
	assert.is(interfaceOf("record node { next: option<list-of> } resource list-of { head: func() -> node; }").types.length, 2);
});

test("interfaces that use each other are shown as the path, once", () => {
	const text = "package a:b;\ninterface a { use b.{x}; type y = u8; }\ninterface b { use a.{y}; type x = y; }";
	assert.equal(faultsOf(text), ["2:19 interface-cycle interfaces use each other in a circle: `a` → `b` → `a`"]);
});

test("one unknown type does not make others wrong", () => {
	assert.equal(
		faultsOf(inInterface("type a = nope;\ntype b = a;\nrecord c { d: b }\nresource r { constructor() -> missing; }\nf: func(x: c);")),
		["3:10 unknown-type no type `nope` in interface `i`", "6:31 unknown-type no type `missing` in interface `i`"],
	);
});

test("a borrow cannot be returned, at whatever depth", () => {
	const body =
		"resource r;\nrecord a { x: borrow<r> }\ntype b = option<a>;\nf: func(x: b) -> result<b, string>;\ng: func() -> stream<borrow<r>>;";
	assert.equal(faultsOf(inInterface(body)), [
		"6:18 borrow-in-result the result of `f` contains a borrowed handle",
		"7:14 borrow-in-result the result of `g` contains a borrowed handle",
	]);
});

test("handles of what is no resource", () => {
	const { diagnostics } = readWitText(inInterface("enum e { x }\nf: func(a: borrow<e>, b: own<g>);\ntype g = u8;"));
	assert.equal(
		diagnostics.map((each) => [each.span.line, each.span.column, each.message, each.related?.[0]?.span.line]),
		[
			[4, 19, "`e` is not a resource but an enum", 3],
			[4, 30, "`g` is not a resource but an alias", 5],
		],
	);
});

test("functions and missing names cannot be used", () => {
	const text = "package a:b;\ninterface a { f: func(); type point = u8; }\ninterface b { use a.{f}; use a.{pont}; use c.{x}; }";
	const { diagnostics } = readWitText(text);
	assert.equal(
		diagnostics.map((each) => [each.span.column, each.message, each.help]),
		[
			[22, "`f` is a function of interface `a`; only types can be used", undefined],
			[33, "interface `a` has no type `pont`", "did you mean `point`?"],
			[44, "no interface or world `c` in package `a:b`", undefined],
		],
	);
});

test("names: kebab-case, once, whatever the case", () => {
	const { diagnostics } = readWitText(inInterface("fooBar: func();\nrecord a_b { X: u8, x: u8 }"));
	assert.equal(
		diagnostics.map((each) => [each.span.line, each.span.column, each.message, each.help]),
		[
			[3, 1, "`fooBar` is not a valid name", "names are kebab-case; write `foo-bar`"],
			[4, 8, "`a_b` is not a valid name", "names are kebab-case; write `a-b`"],
			[4, 21, "`x` is declared twice in record `a_b`: `X` is the same name, as case does not count", undefined],
		],
	);
	assert.equal(
		diagnostics[2]?.related?.map((each) => [each.span.column, each.message]),
		[[14, "first declared here"]],
	);
});

test.run();
