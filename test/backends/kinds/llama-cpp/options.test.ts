import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModelConfig } from "../../../../src/backends/backend.ts";
import { llamaCpp, llamaCppKind } from "../../../../src/backends/kinds/llama-cpp/index.ts";
import { readOptions } from "../../../../src/backends/kinds/llama-cpp/options.ts";
import { causeChain } from "../../../../src/errors/cause-chain.ts";
import { scratch } from "../../../helpers/guest.ts";
import { FakeLibrary } from "../../protocols/llama-cpp/fake-library.ts";

const configOf = (options: Readonly<Record<string, unknown>>, models: readonly ModelConfig[] = []) => ({
	name: "local",
	kind: "llama-cpp",
	models,
	options,
});

const filesOf = (options: Readonly<Record<string, unknown>>): unknown => [...readOptions(configOf(options)).files];

function faultOf(options: Readonly<Record<string, unknown>>, models: readonly ModelConfig[] = []): string {
	try {
		readOptions(configOf(options, models));
	} catch (thrown) {
		return String(thrown);
	}
	return "accepted";
}

test("one file serves a model with the file's name", () => {
	assert.equal(filesOf({ model_path: "/models/tiny.Q4.gguf" }), [["tiny.Q4", "/models/tiny.Q4.gguf"]]);
});

test("a table names the files of several models, relative to the working directory", () => {
	const model_paths = { chat: "models/a.gguf", embed: "/models/b.gguf" };
	assert.equal(filesOf({ model_paths }), [
		["chat", resolve("models/a.gguf")],
		["embed", "/models/b.gguf"],
	]);
});

test("faults name the option", () => {
	assert.match(faultOf({}), "backends.local.options.model_path is missing; name the GGUF file of the model");
	assert.match(faultOf({ model_path: "~/a.gguf" }), "options.model_path holds '~'");
	assert.match(faultOf({ model_path: "a.gguf", model_paths: { b: "b.gguf" } }), "options.model_path cannot stand beside model_paths");
	assert.match(faultOf({ model_paths: { b: 3 } }), "options.model_paths.b must be a string");
	assert.match(faultOf({ model_path: "a.gguf", gpu: "tpu" }), "options.gpu must be one of auto, cuda, metal, vulkan, none");
	assert.match(faultOf({ model_path: "a.gguf", context_size: 1 }), "options.context_size must be a whole number from 256");
	assert.match(faultOf({ model_path: "a.gguf", layers: 1 }), "options.layers is not an option");
});

test("a model of the configuration needs a file", () => {
	assert.is(faultOf({ model_path: "a.gguf" }, ["a", { name: "b", upstream: "a" }, "a*"]), "accepted");
	assert.match(
		faultOf({ model_path: "a.gguf" }, ["a", { name: "small", upstream: "b" }]),
		'models[1] is "b", which has no file in the options',
	);
});

test("an instance offers its files as models, and loads nothing", () => {
	const kind = llamaCppKind({ isInstalled: () => true, import: () => Promise.reject(new Error("not loaded at start")) });
	const { capabilities } = kind.create(configOf({ model_paths: { a: "a.gguf", b: "b.gguf" } }));
	assert.equal(capabilities.chat_completions?.models, ["a", "b"]);
	assert.equal(capabilities.embeddings?.models, ["a", "b"]);
});

test("without the package, the fault has the command that installs it", () => {
	assert.throws(
		() => llamaCpp.create(configOf({ model_path: "a.gguf" })),
		/backends\.local\.kind needs the package node-llama-cpp, which is not installed; install it: npm install node-llama-cpp@3\.21\.1/,
	);
});

test("the package is found in the folder that SPEAR_ENGINES names", async () => {
	const before = process.env.SPEAR_ENGINES;
	const folder = join(scratch(), "engines");
	const home = join(folder, "node_modules", "node-llama-cpp");
	mkdirSync(home, { recursive: true });
	writeFileSync(join(home, "package.json"), '{ "main": "index.js" }\n');
	writeFileSync(join(home, "index.js"), "module.exports = {};\n");
	process.env.SPEAR_ENGINES = folder;
	try {
		const backend = llamaCpp.create(configOf({ model_path: "a.gguf" }));
		assert.is(backend.operations.chat_completions === undefined, false);
		await backend.close();
	} finally {
		if (before === undefined) delete process.env.SPEAR_ENGINES;
		else process.env.SPEAR_ENGINES = before;
	}
});

test("a package that does not load, or is another version, fails the first request", async () => {
	const { chatEnvelope } = await import("../../chat-envelope.ts");
	const { contextOf } = await import("../../context.ts");
	const { failureOf } = await import("../../protocols/llama-cpp/instance.ts");
	const failure = (load: () => Promise<unknown>): Promise<unknown> => {
		const { operations } = llamaCppKind({ isInstalled: () => true, import: load }).create(configOf({ model_path: "a.gguf" }));
		return failureOf(Promise.resolve(operations.chat_completions?.unary(chatEnvelope(), contextOf())));
	};
	assert.match(
		String(await failure(() => Promise.reject(new Error("bad binary")))),
		"[internal]: the package node-llama-cpp could not be loaded",
	);
	assert.match(String(await failure(async () => ({}))), "[internal]: the package node-llama-cpp is not the version");
});

/** Runs the probe of an instance with one model. Returns `well`, or the error with its causes. */
async function probed(path: string, library = new FakeLibrary()): Promise<string> {
	const kind = llamaCppKind({ isInstalled: () => true, import: async () => library });
	const backend = kind.create(configOf({ model_paths: { small: path } }));
	const context = { signal: new AbortController().signal, apiKey: undefined };
	return (await backend.probe?.(context).then(() => "well", causeChain)) ?? "no probe";
}

const UNUSABLE = 'the model "small" cannot be loaded; its operator must check its file';

test("a probe reads the vocabulary of each file, and releases it", async () => {
	const path = join(scratch(), "good.gguf");
	writeFileSync(path, "GGUF and more");
	const library = new FakeLibrary();
	assert.is(await probed(path, library), "well");
	assert.equal([library.vocabularies, library.loaded, library.releases], [[path], [], 1]);
});

for (const [what, make, reason] of [
	["missing", () => {}, "no such file"],
	["a directory", mkdirSync, "it is a directory"],
	["empty", (path: string) => writeFileSync(path, ""), "it is empty"],
	["a text", (path: string) => writeFileSync(path, "text"), "it is no GGUF file"],
	["the beginning of a magic number", (path: string) => writeFileSync(path, "GG"), "it is no GGUF file"],
] as const) {
	test(`a probe names a file that is ${what}`, async () => {
		const path = join(scratch(), `${what.replaceAll(" ", "-")}.gguf`);
		make(path);
		assert.is(await probed(path), `${UNUSABLE}: ${path}: ${reason}`);
	});
}

test("a probe names a device, which it does not open", async () => {
	if (process.platform === "win32") return;
	assert.is(await probed("/dev/zero"), `${UNUSABLE}: /dev/zero: it is not a file`);
});

test("a probe names a file that the engine refuses, such as one that was cut", async () => {
	const path = join(scratch(), "cut.gguf");
	writeFileSync(path, "GGUF and less");
	const library = new FakeLibrary();
	library.load = () => Promise.reject(new Error("Failed to load model"));
	const reason = "it is incomplete, or of a form that the engine does not know; copy or download it again";
	assert.is(await probed(path, library), `${UNUSABLE}: ${path}: ${reason}: Failed to load model`);
});

test("a pulled model with another content is refused before the engine reads it", async () => {
	const { chatEnvelope } = await import("../../chat-envelope.ts");
	const { contextOf } = await import("../../context.ts");
	const { failureOf } = await import("../../protocols/llama-cpp/instance.ts");
	const before = process.env.SPEAR_MODELS;
	const models = scratch();
	const folder = join(models, "smollm2-135m-instruct");
	mkdirSync(folder);
	const [pulled, own] = [join(folder, "SmolLM2-135M-Instruct.Q4_1.gguf"), join(models, "own.gguf")];
	for (const path of [pulled, own]) writeFileSync(path, "GGUF and a flipped byte");
	const library = new FakeLibrary();
	const { operations, close } = llamaCppKind({ isInstalled: () => true, import: async () => library }).create(
		configOf({ model_paths: { pulled, own } }),
	);
	const ask = (model: string) => operations.chat_completions?.unary(chatEnvelope({ model }), contextOf());
	process.env.SPEAR_MODELS = models;
	try {
		assert.match(
			String(await failureOf(Promise.resolve(ask("pulled")))),
			`the model smollm2-135m-instruct is broken: SmolLM2-135M-Instruct.Q4_1.gguf has another content; run \`spear models pull smollm2-135m-instruct\``,
		);
		await ask("own");
		assert.equal(library.loaded, [own]);
	} finally {
		if (before === undefined) delete process.env.SPEAR_MODELS;
		else process.env.SPEAR_MODELS = before;
		await close();
	}
});

test.run();
