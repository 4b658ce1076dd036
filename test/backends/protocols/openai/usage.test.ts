import { test } from "uvu";
import * as assert from "uvu/assert";
import { usageOf } from "../../../../src/backends/protocols/openai/usage.ts";

test("usage is read by the member names of older and newer operations", () => {
	assert.equal(usageOf({ prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }), {
		input_tokens: 12,
		output_tokens: 3,
		total_tokens: 15,
	});
	assert.equal(usageOf({ input_tokens: 12, output_tokens: 3 }), { input_tokens: 12, output_tokens: 3 });
	assert.is(usageOf({ total_tokens: "many" }), undefined);
});

test("usage includes prompt cache reads and writes", () => {
	assert.equal(usageOf({ prompt_tokens: 12, prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 4 } }), {
		input_tokens: 12,
		cached_input_tokens: 8,
		cache_write_tokens: 4,
	});
	assert.equal(usageOf({ prompt_tokens: 12, cache_creation_input_tokens: 5 }), { input_tokens: 12, cache_write_tokens: 5 });
	assert.equal(usageOf({ prompt_tokens: 12, prompt_tokens_details: { cache_write_tokens: null }, cache_creation_input_tokens: 0 }), {
		input_tokens: 12,
		cache_write_tokens: 0,
	});
});

test.run();
