import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Operation } from "../../../generated/ir/operations.ts";
import type { ModelConfig } from "../../../src/backends/backend.ts";
import { upstreamModel } from "../../../src/backends/kit/models.ts";
import { SpearError } from "../../../src/errors/spear-error.ts";

function upstream(models: readonly ModelConfig[], requested?: string, operation: Operation = "chat_completions"): string {
	try {
		return upstreamModel({ name: "up", kind: "k", models, options: {} }, operation, requested);
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
}

test("a model's name and aliases resolve to its upstream name", () => {
	const models = ["small", { name: "large", upstream: "vendor/large-2", aliases: ["big", "best"] }];
	assert.is(upstream(models, "small"), "small");
	assert.is(upstream(models, "large"), "vendor/large-2");
	assert.is(upstream(models, "best"), "vendor/large-2");
	assert.is(upstream([{ name: "large", aliases: ["big"] }], "big"), "large");
	assert.is(
		upstream(models, "vendor/large-2"),
		'invalid_request: model: backend "up" does not serve "vendor/large-2"; it serves small, large',
	);
});

test("a name that matches a pattern resolves to itself or to the pattern's upstream name", () => {
	assert.is(upstream(["gpt-*"], "gpt-5"), "gpt-5");
	assert.is(upstream([{ name: "open-*", upstream: "vendor/*" }], "open-7b"), "vendor/7b");
	assert.is(upstream([{ name: "open-*", upstream: "vendor/*" }], "open-$&"), "vendor/$&");
	assert.is(upstream([{ name: "open-*", upstream: "one" }], "open-7b"), "one");
	assert.is(upstream(["gpt-*"], "llama"), 'invalid_request: model: backend "up" does not serve "llama"; it serves gpt-*');
});

test("the upstream name follows name, then alias, then the most specific pattern", () => {
	const models = [
		{ name: "*", upstream: "any" },
		{ name: "gpt-*", upstream: "gpt" },
		{ name: "gpt-5-*", upstream: "gpt-5" },
		{ name: "other", upstream: "alias", aliases: ["gpt-5-mini", "gpt-5-nano"] },
		{ name: "gpt-5-nano", upstream: "name" },
	];
	assert.equal(
		["gpt-5-nano", "gpt-5-mini", "gpt-5-pro", "gpt-4", "llama"].map((name) => upstream(models, name)),
		["name", "alias", "gpt-5", "gpt", "any"],
	);
});

test("a request without a model uses the first model that is not a pattern", () => {
	assert.is(upstream(["*", { name: "small", upstream: "s" }, "large"]), "s");
	assert.is(upstream(["*"]), 'invalid_request: model: the request names none and backend "up" has no default; name a model');
});

test("a model serves only its operations, and an empty list serves any model", () => {
	const models = [{ name: "speech-*", operations: ["text_to_speech"] }, "small"];
	assert.is(upstream(models, "speech-1", "text_to_speech"), "speech-1");
	assert.is(upstream(models, "speech-1"), 'invalid_request: model: backend "up" does not serve "speech-1"; it serves small');
	assert.is(upstream([], "anything"), "anything");
});

test.run();
