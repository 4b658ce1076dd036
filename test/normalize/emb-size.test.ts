import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateEmbSize } from "../../src/normalize/emb.ts";

test("the texts of a batch, and how many there are", () => {
	assert.equal(estimateEmbSize({ input: ["x".repeat(40), "y".repeat(80)] }), { input_tokens: 30, items: 2 });
});

test.run();
