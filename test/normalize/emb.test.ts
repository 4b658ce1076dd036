import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeEmb } from "../../src/normalize/emb.ts";

test("texts are passed on as they are, white space included", () => {
	const payload = { input: ["a", " ", "a"], dimensions: 3, model: "m" };
	assert.equal(normalizeEmb(payload), { input: ["a", " ", "a"], dimensions: 3, model: "m" });
});

test("the first empty text is named", () => {
	assert.throws(
		() => normalizeEmb({ input: ["a", "", ""] }),
		(error: unknown) =>
			error instanceof SpearError && error.code === "invalid_request" && error.message === "input[1]: the text is empty; leave it out",
	);
});

test.run();
