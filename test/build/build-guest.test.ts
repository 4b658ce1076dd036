import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inspectComponent } from "../../src/abi/component/binary/inspect.ts";
import type { Importer } from "../../src/abi/component/toolchain.ts";
import type { BuildOptions } from "../../src/build/build-guest.ts";
import { ENGINE_TOOLS } from "../../src/build/componentize.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { assemble, buildFreshGuest, scratch } from "../helpers/guest.ts";
import { plainComponent } from "../helpers/guest-components.ts";

async function failure(source: string, options: Partial<BuildOptions> = {}): Promise<string> {
	try {
		await buildFreshGuest(source, options);
	} catch (error) {
		assert.instance(error, SpearError);
		if (error instanceof SpearError) {
			assert.is(error.code, "invalid_request");
			return error.message;
		}
	}
	throw new Error("it was built");
}

const RUN = 'export const run = (input: string) => "hello " + input;';

/** Builds for which the engine is not looked at: in its place come bytes of a component that is there already. */
function engineThatGives(component: Uint8Array): Importer {
	return (specifier) =>
		specifier === ENGINE_TOOLS.quickjs.package ? Promise.resolve({ componentize: async () => ({ component }) }) : import(specifier);
}

const steps: string[] = [];
const built = await buildFreshGuest(
	`import { embed } from "spear:ai/emb";\nimport { log } from "spear:ai/log";\nexport const run = () => { log("info", "x", []); return ""; };`,
	{ onProgress: (step) => steps.push(step) },
);

test("a build leaves a component and its prepared agent, and nothing else", async () => {
	assert.equal(steps, ["bundle", "componentize", "prepare", "write"]);
	assert.equal((await readdir(dirname(built.component))).sort(), ["guest.spear", "guest.ts", "guest.wasm"]);
	assert.is((await stat(built.component)).size, built.bytes.component);
	const manifest = JSON.parse(await readFile(join(built.prepared, "manifest.json"), "utf8"));
	assert.is(manifest.engine, "quickjs");
	assert.is(manifest.world, "chat-agent");
	assert.is(manifest.abi, "0.1.0");
	assert.equal(manifest.exports, ["init", "run"]);
	assert.equal(
		manifest.asyncImports.filter((name: string) => name.startsWith("spear:")),
		[
			"spear:ai/cchat@0.1.0#[method]event-stream.next",
			"spear:ai/cchat@0.1.0#[method]session.send",
			"spear:ai/cchat@0.1.0#[method]session.send-stream",
			"spear:ai/cchat@0.1.0#complete",
			"spear:ai/cchat@0.1.0#complete-stream",
			"spear:ai/poll@0.1.0#[method]pollable.block",
			"spear:ai/poll@0.1.0#poll",
		],
	);
	assert.equal(Object.keys(manifest.files), (await readdir(built.prepared)).filter((name) => name !== "manifest.json").sort());
});

test("a second build replaces the first", async () => {
	const component = await assemble(plainComponent("(call $answer)"));
	const other = await assemble(plainComponent("(call $answer)", '(memory (export "memory") 200)'));
	const first = await buildFreshGuest(RUN, { importer: engineThatGives(component) });
	const again = await buildFreshGuest(RUN, { importer: engineThatGives(other), out: first.component });
	assert.equal([first.bytes.component, again.bytes.component], [component.length, other.length]);
	assert.is(again.prepared, first.prepared);
	const manifest = JSON.parse(await readFile(join(first.prepared, "manifest.json"), "utf8"));
	assert.is(manifest.component.bytes, other.length);
	assert.equal((await readdir(dirname(first.component))).sort(), ["guest.spear", "guest.ts", "guest.wasm"]);
});

test("a narrow world imports its own family only, and unused imports are left out", async () => {
	assert.equal(built.interfaces, ["spear:ai/log@0.1.0"]);
	const names = inspectComponent(await readFile(built.component)).imports.map((one) => one.name);
	assert.equal(
		names.filter((name) => name.startsWith("spear:")),
		["spear:ai/types@0.1.0", "spear:ai/poll@0.1.0", "spear:ai/cchat@0.1.0", "spear:ai/log@0.1.0"],
	);
});

test("an entry that does not exist", async () => {
	assert.match(
		await failure(RUN, { entry: "/nowhere/guest.ts" }),
		"/nowhere/guest.ts does not exist; give the TypeScript or JavaScript file that exports `run`",
	);
});

test("a syntax error shows its line and no stack", async () => {
	const message = await failure("export const run = () => {\n\treturn 1 +* 2;\n};\n");
	assert.is(
		message,
		[
			"guest.ts cannot be built:",
			'✘ [ERROR] Unexpected "*"',
			"",
			"    guest.ts:2:11:",
			"      2 │   return 1 +* 2;",
			"        ╵             ^",
		].join("\n"),
	);
});

test("a module that is missing, or is part of Node", async () => {
	assert.match(await failure('import { x } from "./nope.ts"; export const run = () => x;'), 'Could not resolve "./nope.ts"');
	const message = await failure('import { readFileSync } from "node:fs"; export const run = () => readFileSync("x");');
	assert.match(message, "node:fs is part of Node; a guest runs in WebAssembly and reaches the world through hostcalls only");
	assert.match(message, "guest.ts:1:29:");
});

test("a guest without run", async () => {
	assert.match(
		await failure("export const ran = 1;"),
		'exports no `run`; write `export const run = agent((input) => …)` with agent from "spear-hostcall/guest"',
	);
});

test("an unknown world lists the worlds, an unknown engine the engines", async () => {
	assert.is(
		await failure(RUN, { world: "chat" }),
		"there is no world `chat`; choose one of agent, chat-agent, embeddings-agent, image-agent, transcription-agent, speech-agent, realtime-agent, transform-agent",
	);
	// @ts-expect-error: what someone writes in a configuration file
	assert.is(await failure(RUN, { engine: "v8" }), "there is no engine `v8`; choose quickjs or starlingmonkey");
});

test("an interface the world lacks, one that does not exist, one of another version", async () => {
	const using = (name: string) => `import { x } from "${name}"; export const run = () => x();`;
	assert.match(
		await failure(using("spear:ai/emb")),
		"imports spear:ai/emb@0.1.0, which the world `chat-agent` does not have; build for `agent` or `embeddings-agent`",
	);
	assert.match(
		await failure(using("spear:ai/embeddings")),
		"imports spear:ai/embeddings@0.1.0, which does not exist; world `chat-agent` has cchat, log, poll, types",
	);
	assert.match(await failure(using("spear:ai/cchat@0.9.0")), "imports spear:ai/cchat@0.9.0, and this release has version 0.1.0");
});

test("a name the interface does not have", async () => {
	assert.match(
		await failure('import { nothing } from "spear:ai/cchat"; export const run = () => nothing();'),
		"Could not find export 'nothing' in module 'spear:ai/cchat@0.1.0'",
	);
});

test("a top level that throws, or calls the host", async () => {
	assert.match(
		await failure('throw new Error("at start"); export const run = () => "";'),
		"the guest cannot be built with quickjs: Failed to evaluate user JavaScript module",
	);
	assert.match(
		await failure('import "spear-hostcall/guest"; console.log("hi"); export const run = () => "";'),
		"its top level calls the host (spear:ai/log@0.1.0#log), and there is none while building; call it from `run`",
	);
});

test("each missing package is named with the version to install", async () => {
	const without = (missing: string) => (specifier: string) =>
		specifier === missing
			? Promise.reject(Object.assign(new Error(`Cannot find package '${missing}'`), { code: "ERR_MODULE_NOT_FOUND" }))
			: import(specifier);
	assert.match(
		await failure(RUN, { importer: without("esbuild") }),
		"needs the package esbuild, which is not installed. Install it: npm install esbuild@0.28.2.",
	);
	assert.match(
		await failure(RUN, { importer: without("componentize-qjs") }),
		"Install it: npm install componentize-qjs@0.4.5. Or build with StarlingMonkey",
	);
	assert.match(
		await failure(RUN, { engine: "starlingmonkey", importer: without("@bytecodealliance/componentize-js") }),
		"Install it: npm install @bytecodealliance/componentize-js@0.22.0. Or build with QuickJS",
	);
});

test("the versions named are those this repository is tested with", async () => {
	const { devDependencies } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
	const { BUNDLER } = await import("../../src/build/bundle.ts");
	const { TRANSPILER } = await import("../../src/abi/component/transpile.ts");
	for (const tool of [BUNDLER, TRANSPILER, ...Object.values(ENGINE_TOOLS)])
		assert.is(devDependencies[tool.package], tool.version, tool.package);
});

test("what was not written by a build is not overwritten", async () => {
	const directory = join(scratch(), "precious.spear");
	await mkdir(directory);
	await writeFile(join(directory, "notes.txt"), "mine");
	const refusal = "precious.spear is there and was not written by `spear build`; move it away, or name another output";
	assert.match(await failure(RUN, { out: join(scratch(), "precious.wasm") }), refusal);
	assert.is(await readFile(join(directory, "notes.txt"), "utf8"), "mine");
	await writeFile(join(scratch(), "file.spear"), "");
	assert.match(await failure(RUN, { out: join(scratch(), "file.wasm") }), "file.spear is there and was not written by `spear build`");
});

test("an output that cannot be written is named with the reason", async () => {
	const importer = engineThatGives(await assemble(plainComponent("(call $answer)")));
	await writeFile(join(scratch(), "a-file"), "");
	assert.match(
		await failure(RUN, { out: join(scratch(), "a-file", "x.wasm"), importer }),
		/a-file cannot be written: something else is there already$/,
	);
	await mkdir(join(scratch(), "directory.wasm"));
	assert.match(
		await failure(RUN, { out: join(scratch(), "directory.wasm"), importer }),
		/directory\.wasm cannot be written: it is a directory$/,
	);
});

test("a folder of WIT of one's own is built for, if codegen has listed its worlds", async () => {
	const witDirectory = join(scratch(), "own-wit");
	await mkdir(witDirectory);
	await writeFile(
		join(witDirectory, "own.wit"),
		"package my:calls@2.0.0;\ninterface calls { ping: func() -> u32; }\nworld mine { import calls; export run: func(input: string) -> string; }\n",
	);
	const source = 'import { ping } from "my:calls/calls"; export const run = (input) => input + ping();';
	assert.match(await failure(source, { witDirectory, world: "mine" }), "own-wit/worlds.json cannot be read: no such file; give the folder");
	await writeFile(
		join(witDirectory, "worlds.json"),
		JSON.stringify({ package: "my:calls", version: "2.0.0", worlds: { mine: ["calls"] } }),
	);
	const built = await buildFreshGuest(source, { witDirectory, world: "mine" });
	assert.equal(built.interfaces, ["my:calls/calls@2.0.0"]);
});

test("an import of another package is refused with what a guest may import", async () => {
	assert.match(
		await failure('import { getEnvironment } from "wasi:cli/environment@0.2.0"; export const run = () => String(getEnvironment());'),
		/guest\.ts imports wasi:cli\/environment@0\.2\.0; a guest reaches the world through the interfaces of spear:ai only$/,
	);
});

test("an aborted build stops before its next step and writes nothing", async () => {
	const controller = new AbortController();
	const out = join(scratch(), "aborted.wasm");
	try {
		await buildFreshGuest(RUN, { out, signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) });
		assert.unreachable();
	} catch (error) {
		assert.is(error instanceof SpearError && error.code, "cancelled");
		assert.match(error instanceof Error ? error.message : "", "guest.ts was aborted");
	}
	assert.is(await stat(out).catch(() => undefined), undefined);
});

test.run();
