import { test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_RETRY_AFTER_MS, retryAfterMs } from "../../../src/transport/http/retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test("retry-after in seconds is returned in milliseconds", () => {
	assert.is(retryAfterMs({ "retry-after": "20" }), 20_000);
	assert.is(retryAfterMs({ "retry-after": " 0.25 " }), 250);
	assert.is(retryAfterMs({ "retry-after": "0" }), 0);
});

test("retry-after as a date counts from now in each of the three forms, and a past date means now", () => {
	for (const [ahead, past] of [
		["Sun, 01 Mar 2026 12:00:30 GMT", "Sun, 01 Mar 2026 11:00:00 GMT"],
		["Sunday, 01-Mar-26 12:00:30 GMT", "Saturday, 01-Mar-97 12:00:30 GMT"],
		["Sun Mar  1 12:00:30 2026", "Sat Feb 28 12:00:30 2026"],
	] as const) {
		assert.is(retryAfterMs({ "retry-after": ` ${ahead} ` }, NOW), 30_000, ahead);
		assert.is(retryAfterMs({ "retry-after": past }, NOW), 0, past);
	}
});

test("retry-after-ms takes precedence over retry-after", () => {
	assert.is(retryAfterMs({ "retry-after": "2", "retry-after-ms": "1500" }), 1500);
	assert.is(retryAfterMs({ "retry-after": "2", "retry-after-ms": "0.4" }), 1);
	assert.is(retryAfterMs({ "retry-after": "2", "retry-after-ms": "-1" }), 2000);
});

test("the largest of several values of retry-after counts", () => {
	assert.is(retryAfterMs({ "retry-after": "5, 20" }), 20_000);
});

test("a delay above the maximum is cut to the maximum", () => {
	for (const value of ["999999999", "9".repeat(20), "9".repeat(400), "1772366400"])
		assert.is(retryAfterMs({ "retry-after": value }), MAX_RETRY_AFTER_MS, value);
	assert.is(retryAfterMs({ "retry-after-ms": "9".repeat(20) }), MAX_RETRY_AFTER_MS);
	assert.is(retryAfterMs({ "retry-after": "Mon, 01 Mar 2027 12:00:00 GMT" }, NOW), MAX_RETRY_AFTER_MS);
});

test("a value that is neither seconds nor a date is ignored", () => {
	for (const value of ["", "soon", "-5", "1e9", "2026-03-01T12:00:30Z", "Xyz, gibberish GMT", "5,", "0x10", "Infinity", "NaN"])
		assert.is(retryAfterMs({ "retry-after": value }, NOW), undefined, value);
	assert.is(retryAfterMs({}), undefined);
});

test.run();
