import { test } from "uvu";
import * as assert from "uvu/assert";
import { compare, compareSurfaces } from "../../../codegen/breaking/compare.ts";
import { parseLock } from "../../../codegen/breaking/lock-format.ts";
import { bumped, largest, RULES } from "../../../codegen/breaking/rules.ts";
import type { Surface } from "../../../codegen/breaking/surface.ts";
import { surfaceOf } from "../../../codegen/breaking/surface-of-model.ts";
import { verdictOf } from "../../../codegen/breaking/verdict.ts";
import type { Model } from "../../../codegen/model/model.ts";
import { readWitText } from "../../../codegen/wit/read.ts";

function modelOf(text: string): Model {
	const { model, diagnostics } = readWitText(text, { features: "all" });
	assert.equal(
		diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
		[],
	);
	if (model === undefined) throw new Error("unreachable");
	return model;
}

function told(before: string, after: string): string[] {
	return compare(modelOf(before), modelOf(after)).map(({ rule, item }) => `${rule} ${item}`);
}

const inInterface = (body: string): string => `package a:b@1.0.0;\ninterface i {\n${body}\n}`;

test("a renamed interface is told once, with what changed inside", () => {
	const before = "package a:b@1.0.0;\ninterface one { record r { x: u8 } f: func(r: r) -> r; }\nworld w { import one; }";
	const after = before.replaceAll("one", "two");
	assert.equal(told(before, after), ["interface-renamed one"]);
	assert.equal(told(before, after.replace("x: u8", "x: u16")), ["interface-renamed one", "record-field-type-changed one.r"]);
});

test("a renamed record that functions carry is told once, and the message says both names", () => {
	const before = inInterface("record a { x: u8 } f: func(v: a) -> list<a>;");
	const after = inInterface("record b { x: u8 } f: func(v: b) -> list<b>;");
	assert.equal(
		compare(modelOf(before), modelOf(after)).map(({ message }) => message),
		["record `i.a` was renamed `b`: guests built before still run, but source that names it no longer builds"],
	);
});

test("a renamed resource is told once", () => {
	const before = inInterface("resource a { get: func() -> u8; } f: func() -> a; g: func(x: borrow<a>);");
	assert.equal(told(before, before.replaceAll(/\ba\b(?!:)/g, "z")), ["resource-renamed i.a"]);
});

test("two candidates are no rename", () => {
	assert.equal(told(inInterface("f: func();"), inInterface("g: func(); h: func();")), [
		"function-removed i.f",
		"function-added i.g",
		"function-added i.h",
	]);
});

test("a type that moves to another interface, behind `use`, breaks nothing, whatever names it", () => {
	const before = inInterface("record r { x: u8 } type rs = list<r>; f: func(r: r) -> rs;");
	const after =
		"package a:b@1.0.0;\ninterface t { record r { x: u8 } }\ninterface i { use t.{r}; type rs = list<r>; f: func(r: r) -> rs; }";
	const found = compare(modelOf(before), modelOf(after));
	assert.is(largest(found.map(({ bump }) => bump)), "minor");
	assert.equal(
		found.map(({ rule, item }) => `${rule} ${item}`),
		["type-moved i.r", "interface-added t"],
	);
});

test("a type that moves and changes is a break", () => {
	const before = inInterface("record r { x: u8 } f: func(r: r);");
	const after = "package a:b@1.0.0;\ninterface t { record r { x: u16 } }\ninterface i { use t.{r}; f: func(r: r); }";
	assert.equal(told(before, after), ["record-field-type-changed i.r", "type-moved i.r", "interface-added t"]);
});

test("an alias that is inlined breaks nothing, even through a chain of aliases", () => {
	const before = inInterface("type a = u32; type b = a; f: func(x: list<b>) -> option<a>;");
	assert.equal(told(before, inInterface("type a = u32; type b = a; f: func(x: list<u32>) -> option<b>;")), []);
});

const withLog = (version: string, body: string): string =>
	`package a:b@1.0.0;\nworld w { import log:log/sink@${version}; }\npackage log:log@${version} { interface sink { ${body} } }`;

test("a compatible version of a dependency is no break, an incompatible one is told once", () => {
	const body = "record line { text: string } write: func(line: line); flush: func();";
	assert.equal(told(withLog("0.2.0", body), withLog("0.2.4", body)), []);
	assert.equal(told(withLog("0.2.0", body), withLog("0.3.0", body)), ["dependency-version-incompatible log:log/sink@0.2.0"]);
});

test("a record of a dependency that changes is told by its key", () => {
	const [before, after] = ["u8", "u16"].map((type) => withLog("0.2.0", `record line { level: ${type} } write: func(line: line);`));
	assert.equal(told(before ?? "", after ?? ""), ["record-field-type-changed log:log/sink@0.2.0.line"]);
});

test("two versions of one dependency are compared each with its own", () => {
	const both = (type: string): string => `package a:b@1.0.0;
world w { import log:log/sink@1.0.0; import log:log/sink@2.0.0; }
package log:log@1.0.0 { interface sink { f: func(x: u8); } }
package log:log@2.0.0 { interface sink { f: func(x: ${type}); } }`;
	assert.equal(told(both("u8"), both("u16")), ["parameter-type-changed log:log/sink@2.0.0.f"]);
});

test("an operation with another payload is told, and a feature that one of two fields no longer demands", () => {
	const operation = (tags: readonly [string, string], demand: string): string => `package a:b@0.1.0;
/// @operation go
interface i {
    ${tags[0]}
    record first {
        /// @feature supports_x
        x: u8,
        ${demand}
        y: u8,
    }
    ${tags[1]}
    record second { x: u8 }
    /// @result
    record out { x: u8 }
    go: func(a: first, b: second) -> out;
}`;
	const before = operation(["/// @payload", ""], "/// @feature supports_x");
	assert.equal(told(before, operation(["", "/// @payload"], "/// @feature supports_x")), ["operation-type-changed operation go"]);
	assert.equal(told(before, operation(["/// @payload", ""], "")), ["feature-not-demanded i.first.y"]);
});

test("what is unstable may change, come and go", () => {
	const gated = (body: string): string => inInterface(`@since(version = 1.0.0) f: func();\n${body}`);
	const before = gated("@unstable(feature = x) g: func(a: u8);\n@unstable(feature = x) record r { a: u8 }");
	assert.equal(told(before, gated("@unstable(feature = x) g: func(a: u16);")), []);
	assert.equal(told(gated("@since(version = 1.0.0) g: func();"), gated("@unstable(feature = x) g: func();")), ["function-removed i.g"]);
});

test("an interface that guests import and export breaks in both directions", () => {
	const shop = (body: string): string => `package a:b@1.0.0;\ninterface i { ${body} }\nworld w { import i; export i; }`;
	assert.equal(told(shop("f: func();"), shop("f: func(); g: func(x: u8);")), ["exported-function-added i.g"]);
	const [removed] = compare(modelOf(shop("f: func(); g: func(x: u8);")), modelOf(shop("f: func();")));
	assert.equal([removed?.rule, removed?.breaks.includes("built-guest")], ["function-removed", true]);
});

test("findings come in one order, whatever the order of the files' items", () => {
	const before = inInterface("record b { x: u8 } record a { x: u8 } enum c { one } f: func(a: a, b: b, c: c);");
	const after = inInterface("enum c { one, two } record a { y: u16 } f: func(a: a, b: b, c: c); record b { x: u8, z: u8 }");
	assert.equal(told(before, after), [
		"record-field-added i.a",
		"record-field-removed i.a",
		"record-field-added i.b",
		"enum-case-added i.c",
	]);
});

test("types of a lock may be 12,000 deep, which no WIT is", () => {
	const chain = (last: string): Surface => {
		const records = Array.from(
			{ length: 12_000 },
			(_, index) => [`i.r${index + 1}`, { kind: "record", shape: [`x: i.r${index}`] }] as const,
		);
		const items = {
			i: { kind: "interface" },
			"i.f": { kind: "func", shape: "func(x: i.r12000)" },
			"i.r0": { kind: "record", shape: [`x: ${last}`] },
			...Object.fromEntries(records),
		};
		const surface = parseLock(JSON.stringify({ formatVersion: 2, package: "a:b@1.0.0", items }));
		if (surface === undefined) throw new Error("the lock is sound");
		return surface;
	};
	assert.equal(
		compareSurfaces(chain("u8"), chain("u16")).map(({ message }) => message),
		["field `x` of record `i.r0` was `x: u8` and is now `x: u16`: guests built before that use `i.f` are refused at the load"],
	);
});

test("each rule breaks someone if and only if it asks for a major step", () => {
	for (const [code, { effect }] of Object.entries(RULES)) {
		for (const { breaks, bump } of "bump" in effect ? [effect] : Object.values(effect))
			if (bump === "major") assert.ok(breaks.length > 0 && !breaks.includes("older-host"), code);
			else assert.equal(breaks.includes("built-guest") || breaks.includes("running-guest"), false, code);
	}
});

for (const [what, from, to, before, after, expected] of [
	["nothing", "1.0.0", "1.0.0", "f: func();", "f: func();", { bump: "patch", isSufficient: true }],
	["an addition in one version", "1.0.0", "1.0.0", "", "f: func();", { bump: "minor", required: "1.1.0", isSufficient: false }],
	["an addition with its step", "1.0.0", "1.1.0", "", "f: func();", { bump: "minor", required: "1.1.0", isSufficient: true }],
	["a break with a small step", "0.1.0", "0.1.1", "f: func();", "", { bump: "major", required: "0.2.0", isSufficient: false }],
	["a break with its step", "0.1.0", "0.2.0", "f: func();", "", { bump: "major", required: "0.2.0", isSufficient: true }],
] as const) {
	test(`the verdict on ${what} names the version that is needed`, () => {
		const [old, now] = [
			[from, before],
			[to, after],
		].map(([version, body]) => surfaceOf(modelOf(`package a:b@${version};\ninterface i { ${body} }`)));
		if (old === undefined || now === undefined) return;
		assert.equal(verdictOf(old, now, compareSurfaces(old, now)), expected);
	});
}

for (const [version, bump, next] of [
	["1.2.3", "major", "2.0.0"],
	["1.2.3", "minor", "1.3.0"],
	["1.2.3", "patch", "1.2.4"],
	["0.4.2", "major", "0.5.0"],
	["0.4.2", "minor", "0.4.3"],
	["0.4.2", "patch", "0.4.3"],
	["0.0.2", "major", "0.0.3"],
	["0.0.2", "minor", "0.0.3"],
	["1.0.0-rc.1", "major", "2.0.0"],
] as const) {
	test(`a ${bump} step from ${version} leads to ${next}`, () => assert.is(bumped(version, bump), next));
}

test.run();
