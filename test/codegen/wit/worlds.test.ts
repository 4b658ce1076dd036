/** Worlds: imports and exports, what they imply, what they include. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { WorldItem } from "../../../codegen/model/model.ts";
import { findWorld } from "../../helpers/wit-describe.ts";
import { faultsOf, modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit worlds");

function show(item: WorldItem): string {
	if (item.kind === "function") {
		return `${item.func.name}()`;
	}
	const name = item.name === undefined ? item.interface.name : `${item.name}: ${item.interface.name}`;
	return item.implied ? `(${name})` : name;
}

function ports(text: string, world = "w"): { imports: string[]; exports: string[] } {
	const found = findWorld(modelOf(`package a:b;\n${text}`), world);
	return { imports: found.imports.map(show), exports: found.exports.map(show) };
}

const CHAIN = `
	interface c { type t = u8; }
	interface b { use c.{t}; }
	interface a { use b.{t}; f: func(x: t); }
`;

test("imports bring along what they use, after what is written", () => {
	assert.equal(ports(`${CHAIN} world w { import f: func(); import a; }`), { imports: ["f()", "a", "(c)", "(b)"], exports: [] });
});

test("what is imported anyway is not implied", () => {
	assert.equal(ports(`${CHAIN} world w { import a; import c; }`).imports, ["a", "c", "(b)"]);
});

test("exports use other exports where there are any, imports otherwise", () => {
	assert.equal(ports(`${CHAIN} world w { export a; }`), { imports: ["(c)", "(b)"], exports: ["a"] });
	assert.equal(ports(`${CHAIN} world w { export a; export b; }`), { imports: ["(c)"], exports: ["a", "b"] });
	assert.equal(ports(`${CHAIN} world w { export a; export b; export c; }`), { imports: [], exports: ["a", "b", "c"] });
});

test("an interface cannot be an export and the import of another export", () => {
	assert.equal(faultsOf(`package a:b; ${CHAIN} world w { export a; export c; }`), [
		"5:29 ambiguous-dependency `c` is exported, but another export needs it as an import",
	]);
});

test("a world can use types, and declare them", () => {
	const world = findWorld(modelOf(`package a:b; ${CHAIN} world w { use a.{t as u}; record r { x: u } import f: func(r: r); }`), "w");
	assert.equal(
		world.uses.map((use) => [use.name, use.target.name]),
		[["u", "t"]],
	);
	assert.equal(
		world.types.map((type) => [type.name, type.owner.kind]),
		[["r", "world"]],
	);
	assert.equal(world.imports.map(show), ["f()", "(c)", "(b)", "(a)"]);
});

test("inline interfaces carry the name of the import", () => {
	const world = findWorld(modelOf(`package a:b; ${CHAIN} world w { import host: interface { use a.{t}; log: func(x: t); } }`), "w");
	assert.equal(world.imports.map(show), ["host: host", "(c)", "(b)", "(a)"]);
	const [host] = world.imports;
	assert.ok(host?.kind === "interface");
	assert.equal(
		host.interface.functions.map((func) => func.name),
		["log"],
	);
});

test("an interface can be imported under labels, more than once", () => {
	assert.equal(ports("interface store { get: func(); } world w { import one: store; import two: store; }").imports, [
		"one: store",
		"two: store",
	]);
});

test("include takes over items, keeps an interface once and renames plain names", () => {
	const text = `
		interface i { f: func(); }
		world base { import i; import cache: func(); import in: interface { f: func(); } export run: func(); }
		world w { import i; include base with { cache as other, run as start } }
	`;
	assert.equal(ports(text), { imports: ["i", "other()", "in: in"], exports: ["start()"] });
	assert.equal(ports(text, "base"), { imports: ["i", "cache()", "in: in"], exports: ["run()"] });
});

test("what an included world implies is implied again", () => {
	assert.equal(ports(`${CHAIN} world base { import a; } world w { include base; }`).imports, ["a", "(c)", "(b)"]);
});

test("included types come along", () => {
	const world = findWorld(modelOf("package a:b; world base { type t = u8; import f: func(a: t); } world w { include base; }"), "w");
	assert.equal(
		world.types.map((type) => type.name),
		["t"],
	);
});

test("plain names that clash are shown at the include", () => {
	assert.equal(faultsOf("package a:b;\nworld a { import f: func(); }\nworld w {\n\timport f: func();\n\tinclude a;\n}"), [
		"5:10 duplicate-name `f` is declared twice among the imports of world `w`",
	]);
});

test("worlds that include each other are shown as the path", () => {
	assert.equal(faultsOf("package a:b;\nworld a { include b; }\nworld b { include c; }\nworld c { include a; }"), [
		"4:19 include-cycle world `a` includes itself: `a` → `b` → `c` → `a`",
	]);
});

test("with can only rename plain names that exist", () => {
	const text =
		"package a:b;\ninterface i {}\nworld a { import i; import cache: func(); }\nworld w { include a with { i as j, cahe as c } }";
	assert.equal(faultsOf(text), [
		"4:28 unknown-name `i` is an interface of world `a`, and `with` renames only plain names",
		"4:36 unknown-name world `a` has nothing called `cahe` to rename",
	]);
});

test("a package cannot be imported", () => {
	assert.equal(faultsOf("package a:b;\nworld w { import wasi:io; }"), ["2:18 package-as-interface a package cannot be imported"]);
});

test.run();
