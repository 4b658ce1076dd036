import { test } from "uvu";
import * as assert from "uvu/assert";
import { estimateEmbSize } from "../../src/normalize/emb.ts";

test("the size of a batch is the tokens of its texts and their number", () => {
	assert.equal(estimateEmbSize({ input: ["x".repeat(40), "y".repeat(80)] }), { input_tokens: 30, items: 2 });
});

test.run();
