import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeEmb } from "../../src/normalize/emb.ts";

test("a batch is unchanged, including texts of white space", () => {
	const payload = { input: ["a", " ", "a"], dimensions: 3, model: "m" };
	assert.equal(normalizeEmb(payload), { input: ["a", " ", "a"], dimensions: 3, model: "m" });
});

test("a batch is refused with the index of its first empty text", () => {
	assert.throws(
		() => normalizeEmb({ input: ["a", "", ""] }),
		(error: unknown) =>
			error instanceof SpearError && error.code === "invalid_request" && error.message === "input[1]: the text is empty; omit it",
	);
});

test.run();
