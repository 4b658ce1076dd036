import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { backoffMs } from "../../../src/router/resilience/backoff.ts";
import { mayResend } from "../../../src/router/resilience/retry-policy.ts";

const SETTINGS = { baseMs: 200, maxMs: 5_000 };

test("the bound of a pause doubles with each retry up to the maximum", () => {
	const longest = [0, 1, 2, 3, 4, 5, 6, 100].map((retry) => backoffMs(SETTINGS, retry, () => 1));
	assert.equal(longest, [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

test("a pause is drawn evenly from 0 to its bound", () => {
	assert.equal(
		[0, 0.25, 0.5].map((drawn) => backoffMs(SETTINGS, 1, () => drawn)),
		[0, 100, 200],
	);
});

test("a pause stays within its bounds, for any random number", () => {
	fc.assert(
		fc.property(fc.nat({ max: 1_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (retry, drawn) => {
			const pause = backoffMs(SETTINGS, retry, () => drawn);
			assert.ok(pause >= 0 && pause <= Math.min(5_000, 200 * 2 ** retry));
		}),
	);
});

const failed = (code: ConstructorParameters<typeof SpearError>[0], more = {}): SpearError => new SpearError(code, "no", more);

test("a failure is retriable when its code is about the backend", () => {
	for (const code of ["rate_limited", "timeout", "backend_error", "missing_capabilities"] as const)
		assert.is(mayResend(failed(code), true), true);
	for (const code of ["invalid_request", "not_permitted", "cancelled", "internal"] as const)
		assert.is(mayResend(failed(code), true), false);
});

test("a failure is not retriable when it is the caller's own deadline", () => {
	assert.is(mayResend(failed("timeout", { attribution: "caller" }), true), false);
});

test("a failure that may have been processed is retriable when the operation is idempotent", () => {
	const states = ["no", "yes", "unknown"] as const;
	const retriable = (idempotent: boolean) =>
		Object.fromEntries(states.map((processed) => [processed, mayResend(failed("backend_error", { processed }), idempotent)]));
	assert.equal(retriable(false), { no: true, yes: true, unknown: false });
	assert.equal(retriable(true), { no: true, yes: true, unknown: true });
});

test.run();
