import { test } from "uvu";
import * as assert from "uvu/assert";
import { totalOf, usageFrom } from "../../../src/backends/kit/usage.ts";

test("a usage has the counts that were reported, and no others", () => {
	assert.equal(usageFrom({ input_tokens: 3, output_tokens: undefined, reasoning_tokens: 0 }), { input_tokens: 3, reasoning_tokens: 0 });
	const all = { input_tokens: 1, output_tokens: 2, total_tokens: 3, cached_input_tokens: 4, reasoning_tokens: 5, cache_write_tokens: 6 };
	assert.equal(usageFrom(all), all);
});

test("there is no usage without a count", () => {
	assert.is(usageFrom({ input_tokens: undefined }), undefined);
});

test("a total counts absent parts as none, and is absent without its first part", () => {
	assert.is(totalOf(5, undefined, 2), 7);
	assert.is(totalOf(undefined, 2), undefined);
});

test.run();
