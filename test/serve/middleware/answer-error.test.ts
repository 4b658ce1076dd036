import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { httpFailure } from "../../../src/serve/http-error.ts";
import { errorBody } from "../../../src/serve/middleware/answer-error.ts";

test("the body of a failed run has the reason of a limit, and none if the host knows none", () => {
	const body = (error: SpearError) => errorBody(httpFailure(error), "r");
	assert.equal(body(new SpearError("rate_limited", "spent", { reason: "budget_exceeded" })), {
		error: { code: "rate_limited", reason: "budget_exceeded", message: "spent", retryable: true, request_id: "r" },
	});
	assert.equal(body(new SpearError("rate_limited", "later")), {
		error: { code: "rate_limited", message: "later", retryable: true, request_id: "r" },
	});
});

test.run();
