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

async function refusal(source: string, options: Partial<BuildOptions> = {}): Promise<string> {
	try {
		await buildFreshGuest(source, options);
	} catch (error) {
		assert.instance(error, SpearError);
		if (error instanceof SpearError) {
			assert.is(error.code, "invalid_request");
			return error.message;
		}
	}
	throw new Error("the build should have been refused");
}

const RUN = 'export const run = (input: string) => "hello " + input;';

/** Returns an importer that replaces QuickJS by an existing component, for tests in which the engine is not the subject. */
function engineOf(component: Uint8Array): Importer {
	return (specifier) =>
		specifier === ENGINE_TOOLS.quickjs.package ? Promise.resolve({ componentize: async () => ({ component }) }) : import(specifier);
}

const steps: string[] = [];
const built = await buildFreshGuest(
	`import { embed } from "spear:ai/emb";\nimport { log } from "spear:ai/log";\nexport const run = () => { log("info", "x", []); return ""; };`,
	{ onProgress: (step) => steps.push(step) },
);

test("a build writes a component and its prepared agent only", async () => {
	assert.equal(steps, ["bundle", "componentize", "prepare", "write"]);
	assert.equal((await readdir(dirname(built.component))).sort(), ["guest.spear", "guest.ts", "guest.wasm"]);
	assert.is((await stat(built.component)).size, built.bytes.component);
	const manifest = JSON.parse(await readFile(join(built.prepared, "manifest.json"), "utf8"));
	assert.is(manifest.engine, "quickjs");
	assert.is(manifest.world, "chat-agent");
	assert.is(manifest.component.bytes, built.bytes.component);
	const files = ["guest.js.map", "plan.json", ...manifest.modules.map((_: unknown, index: number) => `core-${index}.wasm`)].sort();
	assert.equal((await readdir(built.prepared)).filter((name) => name !== "manifest.json").sort(), files);
});

test("a second build replaces the output of the first", async () => {
	const component = await assemble(plainComponent("(call $answer)"));
	const other = await assemble(plainComponent("(call $answer)", '(memory (export "memory") 200)'));
	const first = await buildFreshGuest(RUN, { importer: engineOf(component), sourceMap: false });
	const again = await buildFreshGuest(RUN, { importer: engineOf(other), sourceMap: false, out: first.component });
	assert.is(first.bytes.component, component.length);
	assert.is(again.bytes.component, other.length);
	assert.is(again.prepared, first.prepared);
	const manifest = JSON.parse(await readFile(join(first.prepared, "manifest.json"), "utf8"));
	assert.is(manifest.component.bytes, other.length);
	assert.equal((await readdir(dirname(first.component))).sort(), ["guest.spear", "guest.ts", "guest.wasm"]);
});

test("a component imports the interfaces of its world, and the result lists those that the code imports", async () => {
	assert.equal(built.interfaces, ["spear:ai/log@0.1.0"]);
	const names = inspectComponent(await readFile(built.component)).imports.map(({ name }) => name);
	assert.equal(
		names.filter((name) => name.startsWith("spear:")),
		["spear:ai/types@0.1.0", "spear:ai/poll@0.1.0", "spear:ai/cchat@0.1.0", "spear:ai/log@0.1.0", "spear:ai/output@0.1.0"],
	);
});

test("a build is refused when its entry does not exist", async () => {
	assert.match(
		await refusal(RUN, { entry: "/nowhere/guest.ts" }),
		"/nowhere/guest.ts does not exist; pass the TypeScript or JavaScript file that exports `run`",
	);
});

test("a build with a syntax error is refused with the line and without a stack", async () => {
	const message = await refusal("export const run = () => {\n\treturn 1 +* 2;\n};\n");
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

test("a build is refused when it imports a missing module or a module of Node", async () => {
	assert.match(await refusal('import { x } from "./nope.ts"; export const run = () => x;'), 'Could not resolve "./nope.ts"');
	const message = await refusal('import { readFileSync } from "node:fs"; export const run = () => readFileSync("x");');
	assert.match(
		message,
		"node:fs is part of Node, which a guest in WebAssembly does not have; a guest has no files; pass the content as input",
	);
	assert.match(message, "guest.ts:1:29:");
});

test("a build is refused when its entry exports no `run`", async () => {
	assert.match(
		await refusal("export const ran = 1;"),
		'exports no `run`; write `export const run = agent((input) => …)` with agent from "spear-hostcall/guest"',
	);
});

test("a build is refused with the known names when its world or its engine is unknown", async () => {
	assert.is(
		await refusal(RUN, { world: "chat" }),
		"there is no world `chat`; choose one of agent, chat-agent, embeddings-agent, image-agent, transcription-agent, speech-agent, realtime-agent, transform-agent",
	);
	// @ts-expect-error: a caller may pass a name that is no engine
	assert.is(await refusal(RUN, { engine: "v8" }), "there is no engine `v8`; choose quickjs or starlingmonkey");
});

test("a build is refused when it imports an interface that its world lacks, that does not exist, or of another version", async () => {
	const using = (name: string) => `import { x } from "${name}"; export const run = () => x();`;
	assert.match(
		await refusal(using("spear:ai/emb")),
		"imports spear:ai/emb@0.1.0, which the world `chat-agent` does not have; build for `agent` or `embeddings-agent`",
	);
	assert.match(
		await refusal(using("spear:ai/embeddings")),
		"imports spear:ai/embeddings@0.1.0, which does not exist; world `chat-agent` has cchat, log, output, poll, types",
	);
	assert.match(await refusal(using("spear:ai/cchat@0.9.0")), "imports spear:ai/cchat@0.9.0, but this release has version 0.1.0");
});

test("a build is refused when it imports a name that the interface lacks", async () => {
	assert.match(
		await refusal('import { nothing } from "spear:ai/cchat"; export const run = () => nothing();'),
		"Could not find export 'nothing' in module 'spear:ai/cchat@0.1.0'",
	);
});

test("a build is refused when the top level of the guest throws or calls the host", async () => {
	assert.match(
		await refusal('throw new Error("at start"); export const run = () => "";'),
		"the guest cannot be built with quickjs: Failed to evaluate user JavaScript module",
	);
	assert.match(
		await refusal('import "spear-hostcall/guest"; console.log("hi"); export const run = () => "";'),
		"its top level calls the host (spear:ai/log@0.1.0#log), which does not run during the build; make the call in `run`",
	);
});

test("a build names each missing package and the version to install", async () => {
	const without = (missing: string) => (specifier: string) =>
		specifier === missing
			? Promise.reject(Object.assign(new Error(`Cannot find package '${missing}'`), { code: "ERR_MODULE_NOT_FOUND" }))
			: import(specifier);
	assert.match(
		await refusal(RUN, { importer: without("esbuild") }),
		"needs the package esbuild, which is not installed. Install it: npm install esbuild@0.28.2.",
	);
	assert.match(
		await refusal(RUN, { importer: without("componentize-qjs") }),
		"Install it: npm install componentize-qjs@0.4.5. Or build with StarlingMonkey",
	);
	assert.match(
		await refusal(RUN, { engine: "starlingmonkey", importer: without("@bytecodealliance/componentize-js") }),
		"Install it: npm install @bytecodealliance/componentize-js@0.22.0. Or build with QuickJS",
	);
});

test("the versions to install are those that this repository is tested with", async () => {
	const { devDependencies } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
	const { BUNDLER } = await import("../../src/build/bundle.ts");
	const { TRANSPILER } = await import("../../src/abi/component/jco/transpile.ts");
	for (const tool of [BUNDLER, TRANSPILER, ...Object.values(ENGINE_TOOLS)])
		assert.is(devDependencies[tool.package], tool.version, tool.package);
});

test("a build is refused when its output directory was not written by a build", async () => {
	const directory = join(scratch(), "precious.spear");
	await mkdir(directory);
	await writeFile(join(directory, "notes.txt"), "mine");
	const message = "precious.spear exists and was not written by `spear build`; move it, or choose another output";
	assert.match(await refusal(RUN, { out: join(scratch(), "precious.wasm") }), message);
	assert.is(await readFile(join(directory, "notes.txt"), "utf8"), "mine");
	await writeFile(join(scratch(), "file.spear"), "");
	assert.match(await refusal(RUN, { out: join(scratch(), "file.wasm") }), "file.spear exists and was not written by `spear build`");
});

test("a build names an output that cannot be written, and the reason", async () => {
	const importer = engineOf(await assemble(plainComponent("(call $answer)")));
	await writeFile(join(scratch(), "a-file"), "");
	assert.match(
		await refusal(RUN, { out: join(scratch(), "a-file", "x.wasm"), importer }),
		/a-file cannot be written: something else is there already$/,
	);
	await mkdir(join(scratch(), "directory.wasm"));
	assert.match(
		await refusal(RUN, { out: join(scratch(), "directory.wasm"), importer }),
		/directory\.wasm cannot be written: it is a directory$/,
	);
});

test("a build accepts another folder of WIT when codegen has listed its worlds", async () => {
	const witDirectory = join(scratch(), "own-wit");
	await mkdir(witDirectory);
	await writeFile(
		join(witDirectory, "own.wit"),
		"package my:calls@2.0.0;\ninterface calls { ping: func() -> u32; }\nworld mine { import calls; export run: func(input: string) -> string; }\n",
	);
	const source = 'import { ping } from "my:calls/calls"; export const run = (input) => input + ping();';
	assert.match(await refusal(source, { witDirectory, world: "mine" }), "own-wit/worlds.json cannot be read: no such file; use the folder");
	await writeFile(
		join(witDirectory, "worlds.json"),
		JSON.stringify({ package: "my:calls", version: "2.0.0", worlds: { mine: ["calls"] } }),
	);
	const built = await buildFreshGuest(source, { witDirectory, world: "mine" });
	assert.equal(built.interfaces, ["my:calls/calls@2.0.0"]);
});

test("a build is refused when it imports an interface of another package", async () => {
	assert.match(
		await refusal('import { getEnvironment } from "wasi:cli/environment@0.2.0"; export const run = () => String(getEnvironment());'),
		/guest\.ts imports wasi:cli\/environment@0\.2\.0; a guest can import only interfaces of spear:ai$/,
	);
});

test("an aborted build stops before its next step and writes no file", async () => {
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
