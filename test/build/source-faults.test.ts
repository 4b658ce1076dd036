import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GUEST_WIT } from "../../src/build/build-guest.ts";
import { type Bundle, bundleGuest } from "../../src/build/bundle.ts";
import { readWorlds } from "../../src/build/wit-worlds.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { buildFreshGuest, writeSource } from "../helpers/guest.ts";

const wit = await readWorlds(GUEST_WIT);

async function bundle(source: string, files: Readonly<Record<string, string>> = {}, minify = false): Promise<Bundle> {
	const entry = await writeSource(source);
	for (const [name, text] of Object.entries(files)) await writeFile(join(dirname(entry), name), text);
	return bundleGuest(entry, { wit, engine: "quickjs", withPlatform: true, minify });
}

async function refusal(source: string, files?: Readonly<Record<string, string>>): Promise<string> {
	const thrown = await bundle(source, files).then(
		() => undefined,
		(cause: unknown) => cause,
	);
	assert.ok(thrown instanceof SpearError && thrown.code === "invalid_request");
	assert.not.match(thrown.message, "    at ");
	return thrown.message;
}

test("a missing package is named with the command that installs it", async () => {
	const message = await refusal('import { z } from "no-such-package";\nimport x from "@some/one/part";\nexport const run = () => z(x);');
	assert.match(message, "the package no-such-package is not installed; npm install no-such-package");
	assert.match(message, "guest.ts:1:18:");
	assert.match(message, "@some/one/part cannot be found: install the package with npm install @some/one, or correct the path within it");
});

test("a module of Node is refused with what to use instead", async () => {
	const using = (name: string) => refusal(`import * as x from "${name}";\nexport const run = () => x;`);
	assert.match(await using("node:crypto"), "use the global crypto: getRandomValues, randomUUID and subtle.digest");
	assert.match(
		await using("node:url"),
		"node:url is part of Node, which a guest in WebAssembly does not have; use the globals URL and URLSearchParams",
	);
	assert.match(await using("node:fs/promises"), "a guest has no files; pass the content as input, import it as JSON or text");
	assert.match(await using("node:vm"), "a guest can use only hostcalls and the web platform");
	assert.not.match(await using("node:vm"), "plugin");
});

test("JSON and texts are part of the bundle, and other files are refused with what can be imported", async () => {
	const { code } = await bundle(
		'import data from "./a.json";\nimport text from "./b.txt";\nimport page from "./c.md";\nexport const run = () => data.x + text + page;',
		{ "a.json": '{"x":"from JSON"}', "b.txt": "from text", "c.md": "from Markdown" },
	);
	for (const text of ["from JSON", "from text", "from Markdown"]) assert.match(code, text);
	const wasm = await refusal('import w from "./a.wasm";\nexport const run = () => w;', { "a.wasm": "" });
	assert.match(wasm, "a guest cannot load .wasm files: its engine runs JavaScript only");
	const picture = await refusal('import w from "./a.png";\nexport const run = () => w;', { "a.png": "" });
	assert.match(picture, "a guest cannot import .png files; it can import .json, .txt");
});

test("an import of a name or a default that a module lacks is refused, and one of CommonJS that cannot work is a warning", async () => {
	assert.match(
		await refusal('import d from "./a.js";\nexport const run = () => d;', { "a.js": "export const a = 1;" }),
		"a.js has no default export; import its names with { }, or all of them with * as",
	);
	const { warnings } = await bundle('import * as f from "./a.cjs";\nexport const run = () => f();', {
		"a.cjs": "module.exports = () => 1;",
	});
	assert.is(warnings.length, 1);
	assert.match(warnings[0] ?? "", 'Calling "f" will crash at run-time');
	assert.match(warnings[0] ?? "", "guest.ts:2:25:");
});

test("a top level that awaits is refused with what to do", async () => {
	assert.match(
		await refusal("const x = await 1;\nexport const run = () => x;"),
		"guest.ts awaits at its top level, which runs once, during the build, and without a host; await within `run`",
	);
});

test("a missing `run` is refused with the line of one that is not exported", async () => {
	assert.match(
		await refusal("export const other = 1;\n\nfunction run() {}\n"),
		/guest\.ts:3:10 exports no `run`; line 3 declares one without `export`; write/,
	);
	assert.match(await refusal("export const other = 1;"), /guest\.ts exports no `run`; write/);
});

test("a `run` that is no function is refused with its place", async () => {
	for (const [source, fault] of [
		["export const a = 1;\nexport const run = 42;\n", /guest\.ts:2:14: `run` must be a function, and is of type number; write/],
		["const run = () => '';\n", /guest\.ts:1:7 exports no `run`; line 1 declares one without `export`/],
	] as const) {
		const message = await buildFreshGuest(source).then(
			() => "built",
			(cause: Error) => cause.message,
		);
		assert.match(message, fault);
	}
});

test("a minified bundle is smaller, and only what a guest uses is part of it", async () => {
	const source = 'import { agent } from "spear-hostcall/guest";\nexport const run = agent((input) => input.toUpperCase());\n';
	const [plain, small] = [await bundle(source), await bundle(source, {}, true)];
	assert.ok(small.code.length < plain.code.length * 0.7);
	assert.ok(small.code.length < 9_000, `${small.code.length}`);
	for (const name of ["TextEncoder", "URLSearchParams", "DataCloneError", "getRandomValues", "AbortError", "Assertion failed"])
		assert.not.match(plain.code, name);
	assert.is(plain.usesRandom, false);
	assert.is((await bundle("export const run = () => String(Math.random());")).usesRandom, true);
	assert.match((await bundle("export const run = () => globalThis.structuredClone('x');")).code, "DataCloneError");
});

test.run();
