import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Backend } from "../../src/backends/backend.ts";
import { MAX_MODELS } from "../../src/backends/discovery.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { checkedBackend } from "../../src/host/checked-backend.ts";
import { checkedModels, withoutKey } from "../../src/host/checked-models.ts";
import { createMask } from "../../src/redaction/secrets.ts";
import { failure } from "../transport/http/fixture.ts";

test("models have their known members alone, and limits that are numbers above 0", () => {
	const listed = [
		{ name: "a", operations: ["embeddings"], limits: { context_tokens: 8, output_tokens: 0, concurrency: 1 }, key: "k" },
		{ name: "b", limits: { context_tokens: "8" } },
	];
	assert.equal(checkedModels(listed, "x"), [{ name: "a", operations: ["embeddings"], limits: { context_tokens: 8 } }, { name: "b" }]);
});

test("a list of another shape names the backend and the member", () => {
	const wrong: readonly (readonly [unknown, RegExp])[] = [
		["a", /^the models that backend "x" lists are malformed: it is no list of at most 10000 models$/],
		[Array.from({ length: MAX_MODELS + 1 }, () => ({ name: "a" })), /it is no list of at most 10000 models$/],
		[[{ name: "a" }, null], /\[1\]\.name is no text of at most 256 characters$/],
		[[{ name: "x".repeat(257) }], /\[0\]\.name is no text/],
		[[{ name: "a", operations: ["fly"] }], /\[0\]\.operations is no list of operations$/],
	];
	for (const [value, message] of wrong) assert.throws(() => checkedModels(value, "x"), message);
});

test("models whose names or aliases repeat a key are left out", () => {
	const key = "models-canary-51c8";
	const models = [{ name: "a" }, { name: `b ${key}` }, { name: "c", aliases: ["d", encodeURIComponent(key)] }];
	assert.equal(withoutKey(models, createMask([key])), [{ name: "a" }]);
});

test("a failure of a probe shows no key, and functions that a backend lacks stay absent", async () => {
	const apiKey = "probe-canary-4d7e1f";
	const refuse = () => Promise.reject(new SpearError("backend_error", `no ${apiKey}`, { cause: new Error("status") }));
	const bare: Backend = {
		operations: {
			chat_completions: undefined,
			embeddings: undefined,
			image_generation: undefined,
			speech_to_text: undefined,
			text_to_speech: undefined,
			realtime_voice: undefined,
		},
		capabilities: {},
		close: async () => {},
	};
	const context = { signal: new AbortController().signal, apiKey };
	const backend = checkedBackend({ ...bare, listModels: refuse, probe: refuse }, "x");
	for (const failing of [backend.listModels?.(context), backend.probe?.(context)])
		assert.not((await failure(failing ?? Promise.resolve())).message.includes(apiKey));
	assert.equal([checkedBackend(bare, "x").listModels, checkedBackend(bare, "x").probe], [undefined, undefined]);
});

test.run();
