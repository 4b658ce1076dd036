/** Feature gates: what is kept, what is removed, and what must not refer to what is removed. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { describeWorld, findWorld } from "../../helpers/wit-describe.ts";
import { askOracle } from "../../helpers/wit-oracle.ts";
import { faultsOf, inInterface, interfaceOf, modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit gates");

const BODY = `
	@since(version = 1.0.0) stable: func();
	@unstable(feature = x) first: func();
	@unstable(feature = y) second: func();
	@unstable(feature = x) type t = u8;
	resource r { @unstable(feature = y) constructor(); @unstable(feature = x) m: func(); n: func(); }
`;

function names(features: string[] | "all"): string[] {
	const { functions, types } = interfaceOf(BODY, { features });
	const members = types.flatMap((type) =>
		type.kind === "resource" ? [type.constructorFunc, ...type.functions].flatMap((func) => func?.name ?? []) : [],
	);
	return [...functions, ...types].map((each) => each.name).concat(members);
}

test("unstable items are removed unless their feature is active", () => {
	assert.equal(names([]), ["stable", "r", "n"]);
	assert.equal(names(["x"]), ["stable", "first", "t", "r", "m", "n"]);
	assert.equal(names("all"), ["stable", "first", "second", "t", "r", "constructor", "m", "n"]);
});

test("without options nothing unstable is there", () => {
	assert.equal(
		interfaceOf(BODY).functions.map((func) => func.name),
		["stable"],
	);
});

test("hidden interfaces, worlds, imports and includes are gone", () => {
	const model = modelOf(`
		package a:b@1.0.0;
		@unstable(feature = x) interface hidden { @unstable(feature = x) f: func(); }
		interface shown { f: func(); }
		@unstable(feature = x) world old { import shown; }
		world w { @unstable(feature = x) import hidden; @unstable(feature = x) include old; import f: func(); }
	`);
	assert.equal(
		model.main.interfaces.map((each) => each.name),
		["shown"],
	);
	assert.equal(
		model.main.worlds.map((each) => each.name),
		["w"],
	);
	assert.equal(describeWorld(findWorld(model, "w")), ["world import freestanding f()"]);
});

test("what is active cannot refer to what is not", () => {
	const body = "@unstable(feature = x) type t = u8;\nf: func(a: t);\n@unstable(feature = y) g: func(a: t);";
	assert.equal(faultsOf(inInterface(body)), [
		"4:12 inactive-feature type `t` is not available here: it is unstable and feature `x` is not active",
	]);
	assert.equal(faultsOf(inInterface(body), { features: ["x"] }), []);
	assert.equal(
		faultsOf("package a:b@1.0.0;\n@unstable(feature = x) interface i {}\nworld w { import i; @unstable(feature = x) export i; }"),
		["3:18 inactive-feature interface `i` is not available here: it is unstable and feature `x` is not active"],
	);
});

test("faults of hidden items are found all the same", () => {
	assert.equal(faultsOf(inInterface("@unstable(feature = x) f: func(a: nope);")), ["3:35 unknown-type no type `nope` in interface `i`"]);
});

test("names are unique whether hidden or not", () => {
	assert.equal(faultsOf(inInterface("@unstable(feature = x) f: func();\n@unstable(feature = y) f: func();")), [
		"4:24 duplicate-name `f` is declared twice in interface `i`",
	]);
});

test("an open item in an unstable one, and one older than what holds it, are warned of", () => {
	const text = `package a:b@1.0.0;
@unstable(feature = x) interface i { f: func(); @unstable(feature = x) g: func(); }
@since(version = 0.2.0) interface j { @since(version = 0.1.0) f: func(); @since(version = 0.3.0) g: func(); }
`;
	assert.equal(faultsOf(text), [
		"2:38 missing-gate `f` needs no feature, but interface `i` around it needs `x`",
		"3:63 weaker-gate `f` is there since 0.1.0, but interface `j` around it only since 0.2.0",
	]);
});

/** Bodies in which a type, a `use` or a resource's function stays while what holds it goes, with the place of the fault. */
const LEFT_BEHIND: readonly (readonly [text: string, place: string])[] = [
	["@unstable(feature = x) interface i { @since(version = 1.0.0) type n = u32; }", "2:67"],
	["@unstable(feature = x) interface i { type n = u32; }", "2:43"],
	["@unstable(feature = x) interface i { resource n; }", "2:47"],
	["interface t { type n = u8; } @unstable(feature = x) interface i { use t.{n}; }", "2:74"],
	["interface i { @unstable(feature = x) resource r { n: func(); } }", "2:51"],
	["interface i { @unstable(feature = x) resource r { constructor(); } }", "2:51"],
	["@unstable(feature = x) world v { type n = u8; }", "2:39"],
	["world v { @unstable(feature = x) import i: interface { type n = u8; } }", "2:61"],
];

/** As above, but a function or an import, which goes with what holds it. */
const TAKEN_ALONG: readonly string[] = [
	"@unstable(feature = x) interface i { @since(version = 1.0.0) n: func(); }",
	"@unstable(feature = x) interface i { @unstable(feature = y) type n = u32; }",
	"interface i { f: func(); } @unstable(feature = x) world v { import i; import n: func(); }",
	"world v { @unstable(feature = x) import i: interface { n: func(); } }",
	"@unstable(feature = x) world v { import i: interface { type n = u8; } }",
];

test("a type that stays when what holds it is hidden is an error, as for the official tools", async () => {
	const texts = [...LEFT_BEHIND.map(([text]) => text), ...TAKEN_ALONG].map((text) => `package a:b@1.0.0;\n${text}\nworld w {}\n`);
	for (const [features, isRefused] of [
		[[], true],
		[["x", "y"], false],
	] as const) {
		const answers = await askOracle(texts.map((text) => ({ text, world: "w", features })));
		for (const [index, text] of texts.entries()) {
			const place = isRefused ? LEFT_BEHIND[index]?.[1] : undefined;
			const { diagnostics } = readWitText(text, { features });
			const errors = diagnostics.filter((each) => each.severity === "error");
			assert.equal(
				errors.map(({ code, span }) => `${span.line}:${span.column} ${code}`),
				place === undefined ? [] : [`${place} missing-gate`],
				text,
			);
			assert.is(answers[index]?.kind, place === undefined ? "accepted" : "refused", text);
		}
	}
});

test("gates that make no sense", () => {
	const gates = "@since(version = 2.0.0)\na: func();\n@deprecated(version = 1.0.0)\nb: func();\n@since(version = 1)\nc: func();";
	assert.equal(faultsOf(inInterface(gates)), [
		"3:18 gate-in-future `@since` names version 2.0.0, but the package is only at 1.0.0",
		"5:1 conflicting-gates `@deprecated` needs `@since` or `@unstable` beside it",
		"7:18 invalid-version `1` is not a semantic version",
	]);
});

test.run();
