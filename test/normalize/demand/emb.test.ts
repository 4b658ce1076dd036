import { test } from "uvu";
import * as assert from "uvu/assert";
import { embDemand } from "../../../src/normalize/demand/emb.ts";

test("the texts of a batch, and how many there are", () => {
	assert.equal(embDemand({ input: ["x".repeat(40), "y".repeat(80)] }), { input_tokens: 30, items: 2 });
});

test.run();
