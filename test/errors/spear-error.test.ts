import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Blame, SpearError, timeoutError, type UpstreamState } from "../../src/errors/spear-error.ts";

test("each code says whose doing it mostly is, and what it leaves at the upstream", () => {
	const expected: readonly (readonly [SpearError["code"], Blame, UpstreamState])[] = [
		["invalid_request", "request", "untouched"],
		["missing_capabilities", "request", "untouched"],
		["not_permitted", "request", "untouched"],
		["rate_limited", "capacity", "untouched"],
		["timeout", "backend", "unknown"],
		["backend_error", "backend", "ended"],
		["cancelled", "caller", "untouched"],
		["no_candidate_backend", "host", "untouched"],
		["backend_not_enabled", "host", "untouched"],
		["internal", "host", "untouched"],
	];
	for (const [code, blame, upstream] of expected) {
		const error = new SpearError(code, "so it is");
		assert.equal([code, error.blame, error.upstream], [code, blame, upstream]);
	}
});

test("a copy keeps both, unless it says otherwise", () => {
	const error = new SpearError("backend_error", "no", { blame: "credentials", upstream: "untouched" });
	const copy = error.with({ operation: "embeddings" });
	assert.equal([copy.operation, copy.blame, copy.upstream], ["embeddings", "credentials", "untouched"]);
	const other = copy.with({ blame: "host", upstream: "unknown" });
	assert.equal([other.blame, other.upstream], ["host", "unknown"]);
});

test("neither reaches a guest", () => {
	const error = new SpearError("backend_error", "no", { blame: "credentials", upstream: "unknown" });
	assert.equal(error.toRecord(), { code: "backend_error", message: "no", retryable: false });
	assert.is(JSON.stringify(error), '{"code":"backend_error","message":"no","retryable":false}');
});

test("the call's own deadline is nothing to hold against a backend", () => {
	const error = timeoutError(50);
	assert.equal([error.code, error.blame, error.upstream], ["timeout", "caller", "unknown"]);
});

test.run();
