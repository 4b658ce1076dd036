import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Operation } from "../../generated/ir/operations.ts";
import type { BackendKind, EmbeddedBackend } from "../../src/backends/backend.ts";
import { llamaCppKind } from "../../src/backends/kinds/llama-cpp/index.ts";
import { embeddedBackends } from "../../src/host/embedded-backends.ts";
import { createHost } from "../../src/index.ts";
import { ModelStore } from "../../src/model-store/model-store.ts";
import { scratch } from "../helpers/guest.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const EVERY: readonly Operation[] = [
	"chat_completions",
	"embeddings",
	"image_generation",
	"speech_to_text",
	"text_to_speech",
	"realtime_voice",
];

/** Returns a kind that needs no configuration. No instance of it is created. */
function kind(name: string, embedded: EmbeddedBackend | undefined): BackendKind {
	return { name, create: notCreated, embedded: async () => embedded };
}

function notCreated(): never {
	throw new Error("an instance was created");
}

/** Puts files of the right sizes into a store of models, whose content no test reads. */
function putModels(folder: string, names: readonly string[]): void {
	for (const model of new ModelStore(folder).models().filter(({ name }) => names.includes(name))) {
		mkdirSync(join(folder, model.name), { recursive: true });
		for (const file of model.files) {
			const path = join(folder, model.name, file.name);
			writeFileSync(path, "");
			truncateSync(path, file.bytes);
		}
	}
}

/** Returns the operations of each backend of a host without configured backends, by a store of models, and its warnings. */
async function embeddedWith(folder: string): Promise<{ readonly served: Record<string, readonly string[]>; readonly warnings: unknown[] }> {
	const before = process.env.SPEAR_MODELS;
	process.env.SPEAR_MODELS = folder;
	try {
		const { logger, at } = memoryLog();
		const host = await createHost({ config: {}, logger });
		const backends = host.backends();
		await host.close();
		assert.equal([...new Set(backends.map(({ isEmbedded }) => isEmbedded))], [true]);
		const served = Object.fromEntries(backends.map(({ name, operations }) => [name, Object.keys(operations).sort()]));
		return { served, warnings: at("warn").map(({ message }) => message) };
	} finally {
		if (before === undefined) delete process.env.SPEAR_MODELS;
		else process.env.SPEAR_MODELS = before;
	}
}

test("kinds that serve nothing on this machine leave the stub alone", async () => {
	const kinds = [kind("a", undefined), kind("b", { operations: [] }), { name: "c", create: notCreated }];
	assert.equal(await embeddedBackends(kinds), { stub: { kind: "stub" } });
});

test("the stub serves the operations that no other kind serves, and an operation has one backend", async () => {
	const kinds = [
		kind("a", { operations: ["text_to_speech", "embeddings"] }),
		kind("b", { operations: ["embeddings", "chat_completions"], options: { model_path: "b.gguf" } }),
	];
	assert.equal(await embeddedBackends(kinds), {
		a: { kind: "a", operations: ["text_to_speech", "embeddings"] },
		b: { kind: "b", operations: ["chat_completions"], options: { model_path: "b.gguf" } },
		stub: { kind: "stub", operations: ["speech_to_text", "image_generation", "realtime_voice"] },
	});
	assert.equal(await embeddedBackends([kind("a", { operations: EVERY })]), { a: { kind: "a", operations: EVERY } });
});

test("a host without models has the stub for every operation, and the log says so", async () => {
	const { served, warnings } = await embeddedWith(join(scratch(), "none"));
	assert.equal(served, { stub: [...EVERY].sort() });
	assert.equal(warnings, ["no backends are configured: stub answers every operation with made-up content"]);
});

test("a host serves an operation by the kind local when its models have the right sizes", async () => {
	const folder = join(scratch(), "speech");
	putModels(folder, ["flite"]);
	const { served, warnings } = await embeddedWith(folder);
	assert.ok(served.local?.includes("text_to_speech"));
	assert.not(served.stub?.includes("text_to_speech"));
	assert.ok(served.stub?.includes("chat_completions"));
	assert.is(warnings.length, 1);
	assert.match(
		String(warnings[0]),
		/^no backends are configured: local serves .*text_to_speech.*; stub answers .*chat_completions.* with made-up content$/,
	);
	writeFileSync(join(folder, "flite", "flite.wasm"), "cut");
	assert.equal(Object.keys((await embeddedWith(folder)).served), ["stub"]);
});

test("the kind llama-cpp serves the chat when the package and the language model are there", async () => {
	const folder = join(scratch(), "chat");
	putModels(folder, ["smollm2-135m-instruct"]);
	const before = process.env.SPEAR_MODELS;
	process.env.SPEAR_MODELS = folder;
	const embedded = (isInstalled: boolean) => llamaCppKind({ isInstalled: () => isInstalled, import: notCreated }).embedded?.();
	try {
		const path = join(folder, "smollm2-135m-instruct", "SmolLM2-135M-Instruct.Q4_1.gguf");
		assert.equal(await embedded(true), {
			operations: ["chat_completions"],
			options: { model_paths: { "smollm2-135m-instruct": path } },
		});
		assert.is(await embedded(false), undefined);
		truncateSync(path, 1000);
		assert.is(await embedded(true), undefined);
	} finally {
		if (before === undefined) delete process.env.SPEAR_MODELS;
		else process.env.SPEAR_MODELS = before;
	}
});

test("a host with a configured backend has no embedded ones", async () => {
	const { logger, at } = memoryLog();
	const host = await createHost({ config: { backends: { mine: { kind: "stub" } } }, logger });
	assert.equal(
		host.backends().map(({ name, isEmbedded }) => [name, isEmbedded]),
		[["mine", false]],
	);
	await host.close();
	assert.equal(at("warn"), []);
});

test.run();
