/** Directories, files and dependencies: what makes a package, and what packages can see of each other. */
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ReadOutcome, readWit } from "../../../codegen/wit/read.ts";
import { packageKey } from "../../../codegen/wit/units.ts";
import { withDirectory } from "../../helpers/wit-directory.ts";

const test = suite("wit packages");

type Files = Readonly<Record<string, string | Uint8Array>>;

function read(files: Files): Promise<ReadOutcome> {
	return withDirectory(files, (directory) => readWit(directory));
}

async function faults(files: Files): Promise<string[]> {
	const { diagnostics } = await read(files);
	return diagnostics.map(({ span, code, message }) => `${span.file}:${span.line}:${span.column} ${code} ${message}`);
}

test("files of one directory are one package, in the order of their names by code units", async () => {
	const files = {
		"b.wit": "interface third {} interface fourth {}",
		"B.wit": "interface first {}",
		"é.wit": "interface last {}",
		"a.wit": "package a:b@1.0.0; interface second {}",
		"notes.md": "interface no {}",
	};
	const expected = ["first", "second", "third", "fourth", "last"];
	const forwards = await read(files);
	const backwards = await read(Object.fromEntries(Object.entries(files).reverse()));
	assert.equal(
		forwards.model?.main.interfaces.map((each) => each.name),
		expected,
	);
	assert.equal(JSON.stringify(forwards.model), JSON.stringify(backwards.model));
});

test("a name of one file is known in the others; a top-level use only in its own", async () => {
	const { model } = await read({
		"a.wit": "package a:b; use types as t; interface a { use t.{x}; f: func(x: x); }",
		"types.wit": "interface types { type x = u8; }",
	});
	assert.is(model?.main.interfaces[0]?.uses[0]?.target, model?.main.interfaces[1]?.types[0]);
	assert.equal(
		await faults({
			"a.wit": "package a:b; use types as t;",
			"types.wit": "interface types { type x = u8; } interface b { use t.{x}; }",
		}),
		["types.wit:1:52 unknown-name no interface or world `t` in package `a:b`"],
	);
});

test("dependencies are directories or files in deps/, and come after what they use", async () => {
	const { model, diagnostics } = await read({
		"main.wit": "package a:b; interface i { use x:top/t.{r}; f: func(r: r); }",
		"deps/1-top/top.wit": "package x:top; interface t { use y:base/t@1.0.0.{r}; g: func(r: r); }",
		"deps/2-base.wit": "package y:base@1.0.0; interface t { resource r; }",
		"deps/3-unused/a.wit": "package z:unused;",
		"deps/3-unused/b.wit": "interface t {}",
		"deps/README.md": "not WIT",
	});
	assert.equal(diagnostics, []);
	assert.equal(
		model?.packages.map((each) => packageKey(each.id)),
		["a:b", "y:base@1.0.0", "x:top", "z:unused"],
	);
	assert.is(model?.main, model?.packages[0]);
	assert.is(model?.main.interfaces[0]?.uses[0]?.target.span.file, "deps/2-base.wit");
});

test("several versions of a package can be used at once", async () => {
	const { model } = await read({
		"main.wit": "package a:b; world w { import c:d/i@1.0.0; import c:d/i@2.0.0; }",
		"deps/1.wit": "package c:d@1.0.0; interface i {}",
		"deps/2.wit": "package c:d@2.0.0; interface i {}",
	});
	assert.equal(
		model?.main.worlds[0]?.imports.map((item) => item.kind === "interface" && item.interface.package.version),
		["1.0.0", "2.0.0"],
	);
});

test("one file can hold everything", async () => {
	await withDirectory({ "all.wit": "package a:b; package c:d { interface i {} } world w { import c:d/i; }" }, async (directory) => {
		const { model } = await readWit(join(directory, "all.wit"));
		assert.equal(
			model?.packages.map((each) => packageKey(each.id)),
			["a:b", "c:d"],
		);
	});
});

test("files that disagree about their package", async () => {
	assert.equal(await faults({ "a.wit": "package a:b;", "b.wit": "package a:b@1.0.0;" }), [
		"b.wit:1:9 package-mismatch this file declares another package than `a:b`",
	]);
});

test("a directory whose files name no package, and one without files", async () => {
	assert.equal(await faults({ "a.wit": "interface i {}", "deps/c/d.wit": "interface j {}" }), [
		"a.wit:1:1 missing-package no file of this directory declares its package",
		"deps/c/d.wit:1:1 missing-package no file of `deps/c` declares its package",
	]);
	const { diagnostics } = await read({ "a.txt": "" });
	assert.equal(
		diagnostics.map((each) => each.code),
		["no-wit-files"],
	);
	const absent = await withDirectory({}, (directory) => readWit(join(directory, "absent")));
	assert.match(absent.diagnostics[0]?.message ?? "", /absent` does not exist$/);
});

test("one package in two places", async () => {
	const { diagnostics } = await read({
		"a.wit": "package a:b;",
		"deps/x.wit": "package c:d;",
		"deps/y.wit": "package c:d;",
	});
	assert.equal(
		diagnostics.map((each) => [each.span.file, each.code, each.related?.[0]?.span.file]),
		[["deps/y.wit", "duplicate-package", "deps/x.wit"]],
	);
});

test("two files that both document their package", async () => {
	assert.equal(await faults({ "a.wit": "/// one\npackage a:b;", "b.wit": "/// two\npackage a:b;" }), [
		"b.wit:1:1 duplicate-docs package `a:b` is documented in two files",
	]);
});

test("a package or a version that is not there comes with what is", async () => {
	const { diagnostics } = await read({
		"a.wit": "package a:b;\nworld w {\n\timport wasi:io/poll@0.2.1;\n\timport wasi:oi/poll@0.2.0;\n\timport q:r/s;\n}",
		"deps/io.wit": "package wasi:io@0.2.0; interface poll {}",
	});
	assert.equal(
		diagnostics.map((each) => [each.span.line, each.message, each.help]),
		[
			[3, "package `wasi:io@0.2.1` is not known", "available: `wasi:io@0.2.0`; the version must be written, and match"],
			[4, "package `wasi:oi@0.2.0` is not known", "did you mean `wasi:io@0.2.0`?"],
			[5, "package `q:r` is not known", "put its WIT files under `deps/`"],
		],
	);
});

test("a package of the same namespace is suggested only for a slip of its name", async () => {
	const { diagnostics } = await read({
		"a.wit": "package a:b;\nworld w {\n\timport wasi:clocks/c@0.2.0;\n\timport wasi:cil/c@0.2.0;\n\timport wsai:cli/c@0.2.0;\n}",
		"deps/cli.wit": "package wasi:cli@0.2.0; interface c {}",
	});
	assert.equal(
		diagnostics.map((each) => each.help),
		["put its WIT files under `deps/`", "did you mean `wasi:cli@0.2.0`?", "did you mean `wasi:cli@0.2.0`?"],
	);
});

test("a binary package is called that, and what may be in it is not unknown", async () => {
	const found = await read({ "a.wit": "package a:b; world w { import c:d/i; }", "deps/d.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d) });
	assert.equal(
		found.diagnostics.map(({ span, code, help }) => [span.file, code, help]),
		[["deps/d.wasm", "binary-package", "put its text in its place: `wasm-tools component wit d.wasm > d.wit`"]],
	);
});

test("packages that depend on each other are shown as the path", async () => {
	const found = await faults({
		"a.wit": "package a:b;",
		"deps/c.wit": "package c:c; interface i { type t = u8; } interface j { use d:d/i.{t}; }",
		"deps/d.wit": "package d:d; interface i { type t = u8; } interface j { use c:c/i.{t}; }",
	});
	assert.equal(found, ["deps/c.wit:1:61 package-cycle packages depend on each other in a circle: `c:c` → `d:d` → `c:c`"]);
});

test("faults of dependencies are found too, by their own path", async () => {
	assert.equal(await faults({ "a.wit": "package a:b;", "deps/c/d.wit": "package c:d;\ninterface i { f: func(a: nope); }" }), [
		"deps/c/d.wit:2:26 unknown-type no type `nope` in interface `i`",
	]);
});

test("a byte order mark is no part of the text; bytes that are not UTF-8 are a fault", async () => {
	const bytes = new TextEncoder().encode("\ufeffpackage a:b; interface i {}");
	assert.ok((await read({ "a.wit": bytes })).model);
	assert.equal(await faults({ "a.wit": Uint8Array.of(...new TextEncoder().encode("package a:b; // "), 0xff) }), [
		"a.wit:1:17 invalid-utf8 the file is not valid UTF-8 here",
	]);
});

test.run();
