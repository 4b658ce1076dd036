import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportedUsage, usageOf } from "../../../../src/backends/protocols/openai/usage.ts";

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

test("usage includes the cache reads that DeepSeek and Moonshot report outside the details", () => {
	assert.equal(usageOf({ prompt_tokens: 12, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 4 }), {
		input_tokens: 12,
		cached_input_tokens: 8,
	});
	assert.equal(usageOf({ prompt_tokens: 12, cached_tokens: 6 }), { input_tokens: 12, cached_input_tokens: 6 });
	const both = { prompt_tokens: 12, prompt_tokens_details: { cached_tokens: 7 }, prompt_cache_hit_tokens: 8 };
	assert.equal(usageOf(both), { input_tokens: 12, cached_input_tokens: 7 });
});

test("usage is read where Groq and Moonshot put it in the chunks of a stream", () => {
	const usage = { prompt_tokens: 12, completion_tokens: 3 };
	const read = { input_tokens: 12, output_tokens: 3 };
	assert.equal(reportedUsage({ usage }), read);
	assert.equal(reportedUsage({ usage: null, x_groq: { id: "req_1", usage } }), read);
	assert.equal(reportedUsage({ choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] }), read);
	assert.equal(reportedUsage({ usage: { prompt_tokens: 1 }, x_groq: { usage } }), { input_tokens: 1 });
	for (const none of [undefined, "usage", {}, { choices: [] }, { choices: [null] }, { x_groq: { id: "req_1" } }]) {
		assert.is(reportedUsage(none), undefined);
	}
});

test.run();
