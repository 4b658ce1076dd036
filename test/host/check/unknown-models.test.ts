import { test } from "uvu";
import * as assert from "uvu/assert";
import { unknownModels } from "../../../src/host/check/unknown-models.ts";

const LISTED = [{ name: "gpt-5" }, { name: "qwen3:latest", aliases: ["qwen3"] }, { name: "x/y" }];

test("models that the upstream lists by name, alias or base of a variant are known, and patterns are not compared", () => {
	assert.is(unknownModels(["gpt-5", "qwen3", "qwen3:latest", "x/y:nitro", "claude-*"], LISTED), undefined);
	assert.is(unknownModels([], []), undefined);
});

test("the first models that are not listed are named, with the closest name", () => {
	assert.is(unknownModels(["gpt5"], LISTED), 'the upstream does not list "gpt5"; did you mean "gpt-5"?');
	const many = Array.from({ length: 7 }, (_, index) => `other-model-${index}`);
	assert.is(
		unknownModels(many, LISTED),
		'the upstream does not list "other-model-0", "other-model-1", "other-model-2", "other-model-3", "other-model-4", and 2 more',
	);
});

test.run();
