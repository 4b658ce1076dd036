import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { backoffMs } from "../../../src/router/resilience/backoff.ts";
import { isRetriable } from "../../../src/router/resilience/retry-policy.ts";

const SETTINGS = { baseMs: 200, maxMs: 5_000 };

test("the longest pause doubles with each repetition, up to a bound", () => {
	const longest = [0, 1, 2, 3, 4, 5, 6, 100].map((repetition) => backoffMs(SETTINGS, repetition, () => 1));
	assert.equal(longest, [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

test("a pause is drawn evenly from 0 up to the longest", () => {
	assert.equal(
		[0, 0.25, 0.5].map((drawn) => backoffMs(SETTINGS, 1, () => drawn)),
		[0, 100, 200],
	);
});

test("whatever chance says, a pause keeps its bounds", () => {
	fc.assert(
		fc.property(fc.nat({ max: 1_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (repetition, drawn) => {
			const pause = backoffMs(SETTINGS, repetition, () => drawn);
			assert.ok(pause >= 0 && pause <= Math.min(5_000, 200 * 2 ** repetition));
		}),
	);
});

const failed = (code: ConstructorParameters<typeof SpearError>[0], more = {}): SpearError => new SpearError(code, "no", more);

test("what tells of the backend may be sent again, what tells of the request may not", () => {
	for (const code of ["rate_limited", "timeout", "backend_error", "missing_capabilities"] as const)
		assert.is(isRetriable(failed(code), true), true);
	for (const code of ["invalid_request", "not_permitted", "cancelled", "internal"] as const)
		assert.is(isRetriable(failed(code), true), false);
});

test("the caller's own deadline is no reason to ask again", () => {
	assert.is(isRetriable(failed("timeout", { attribution: "caller" }), true), false);
});

test("what may have been served is sent again only where that does no harm", () => {
	const states = ["no", "yes", "unknown"] as const;
	assert.equal(
		states.map((processed) => isRetriable(failed("backend_error", { processed }), false)),
		[true, true, false],
	);
	assert.equal(
		states.map((processed) => isRetriable(failed("backend_error", { processed }), true)),
		[true, true, true],
	);
});

test.run();
