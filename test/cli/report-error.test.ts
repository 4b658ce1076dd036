import { test } from "uvu";
import * as assert from "uvu/assert";
import { reportError } from "../../src/cli/report-error.ts";
import { SpearError } from "../../src/errors/spear-error.ts";

test("the JSON of a failure has the reason of a limit", () => {
	const error = new SpearError("rate_limited", "spent", { reason: "budget_exceeded", retryAfterMs: 5 });
	assert.equal(reportError(error, "run").json, {
		code: "rate_limited",
		message: "spent",
		retryable: true,
		retry_after_ms: 5,
		reason: "budget_exceeded",
	});
});

test.run();
