import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { errorBody } from "../../../src/serve/anthropic/errors.ts";
import { apiFailure } from "../../../src/serve/openai/errors.ts";

const overBudget = (retryAfterMs: number): SpearError =>
	new SpearError("rate_limited", "spent", { reason: "budget_exceeded", retryAfterMs });

test("a budget that resets in hours is a used-up quota, which the SDK does not try again", () => {
	assert.equal(apiFailure(overBudget(3_600_000)), {
		status: 429,
		headers: { "x-should-retry": "false", "retry-after": "3600", "retry-after-ms": "3600000" },
		body: { error: { message: "spent", type: "insufficient_quota", param: null, code: "insufficient_quota" } },
	});
});

test("a budget that resets within a minute is worth another try", () => {
	assert.equal(
		[60_000, 60_001].map((wait) => apiFailure(overBudget(wait)).headers["x-should-retry"]),
		["true", "false"],
	);
});

test("any other limit is a rate limit, worth another try after a long wait too", () => {
	for (const more of [{}, { reason: "guest_rate_limit" }, { reason: "backend_limit" }] as const) {
		const { headers, body } = apiFailure(new SpearError("rate_limited", "later", { ...more, retryAfterMs: 3_600_000 }));
		assert.is(headers["x-should-retry"], "true");
		assert.equal([body.error.type, body.error.code], ["rate_limit_error", "rate_limit_exceeded"]);
	}
});

test("a client of Anthropic's messages gets the type of its API for a budget", () => {
	assert.equal(errorBody(overBudget(3_600_000), "r"), {
		type: "error",
		error: { type: "rate_limit_error", message: "spent" },
		request_id: "r",
	});
});

test.run();
