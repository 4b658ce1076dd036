import { test } from "uvu";
import * as assert from "uvu/assert";
import { defaultModel, resolveModel, servesModel } from "../../src/models/resolve-model.ts";

const MODELS = [
	{ name: "*" },
	{ name: "gpt-*" },
	{ name: "gpt-5-*", aliases: ["latest"] },
	{ name: "other", aliases: ["gpt-5-mini", "gpt-5-nano"] },
	{ name: "gpt-5-nano" },
];

function resolved(requested: string, models: Parameters<typeof servesModel>[0] = MODELS): string | undefined {
	return resolveModel(models, requested)?.name;
}

test("a model's own name wins over another model's alias", () => {
	assert.is(resolved("gpt-5-nano"), "gpt-5-nano");
});

test("an alias wins over a pattern", () => {
	assert.is(resolved("gpt-5-mini"), "other");
});

test("a pattern may have an alias", () => {
	assert.is(resolved("latest"), "gpt-5-*");
});

test("the most specific of several matching patterns wins", () => {
	assert.is(resolved("gpt-5-pro"), "gpt-5-*");
	assert.is(resolved("gpt-4"), "gpt-*");
	assert.is(resolved("llama"), "*");
});

test("the first of equally specific patterns wins", () => {
	assert.is(resolved("a-b", [{ name: "*-b" }, { name: "a-*" }]), "*-b");
});

test("no model resolves if neither name, alias nor pattern matches", () => {
	assert.is(resolved("llama", [{ name: "gpt-*" }, { name: "small" }]), undefined);
});

test("the default model is the first that is not a pattern", () => {
	assert.is(defaultModel(MODELS)?.name, "other");
	assert.is(defaultModel([{ name: "*" }]), undefined);
});

test("an empty list of models serves every name", () => {
	assert.is(servesModel([], "anything"), true);
	assert.is(servesModel([{ name: "small" }], "anything"), false);
	assert.is(servesModel([{ name: "small" }], "small"), true);
});

test.run();
