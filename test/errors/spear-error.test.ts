import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Attribution, type Processed, SpearError, timeoutError } from "../../src/errors/spear-error.ts";

test("each code says whose doing it mostly is, and what it leaves at the upstream", () => {
	const expected: readonly (readonly [SpearError["code"], Attribution, Processed])[] = [
		["invalid_request", "request", "no"],
		["missing_capabilities", "request", "no"],
		["not_permitted", "request", "no"],
		["rate_limited", "capacity", "no"],
		["timeout", "backend", "unknown"],
		["backend_error", "backend", "yes"],
		["cancelled", "caller", "no"],
		["no_candidate_backend", "host", "no"],
		["backend_not_enabled", "host", "no"],
		["internal", "host", "no"],
	];
	for (const [code, blame, upstream] of expected) {
		const error = new SpearError(code, "so it is");
		assert.equal([code, error.attribution, error.processed], [code, blame, upstream]);
	}
});

test("a copy keeps both, unless it says otherwise", () => {
	const error = new SpearError("backend_error", "no", { attribution: "credentials", processed: "no" });
	const copy = error.with({ operation: "embeddings" });
	assert.equal([copy.operation, copy.attribution, copy.processed], ["embeddings", "credentials", "no"]);
	const other = copy.with({ attribution: "host", processed: "unknown" });
	assert.equal([other.attribution, other.processed], ["host", "unknown"]);
});

test("neither reaches a guest", () => {
	const error = new SpearError("backend_error", "no", { attribution: "credentials", processed: "unknown" });
	assert.equal(error.toRecord(), { code: "backend_error", message: "no", retryable: false });
	assert.is(JSON.stringify(error), '{"code":"backend_error","message":"no","retryable":false}');
});

test("the call's own deadline is nothing to hold against a backend", () => {
	const error = timeoutError(50);
	assert.equal([error.code, error.attribution, error.processed], ["timeout", "caller", "unknown"]);
});

test.run();
