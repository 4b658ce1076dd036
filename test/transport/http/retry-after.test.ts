import { test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_RETRY_AFTER_MS, retryAfterMs } from "../../../src/transport/http/retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test("retry-after in seconds is returned in milliseconds", () => {
	assert.is(retryAfterMs({ "retry-after": "20" }), 20_000);
	assert.is(retryAfterMs({ "retry-after": " 0.25 " }), 250);
	assert.is(retryAfterMs({ "retry-after": "0" }), 0);
});

test("retry-after as a date counts from now, and a past date means now", () => {
	assert.is(retryAfterMs({ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, NOW), 30_000);
	assert.is(retryAfterMs({ "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, NOW), 0);
});

test("retry-after-ms takes precedence over retry-after", () => {
	assert.is(retryAfterMs({ "retry-after": "2", "retry-after-ms": "1500" }), 1500);
});

test("a delay above the maximum is cut to the maximum", () => {
	assert.is(retryAfterMs({ "retry-after": "999999999" }), MAX_RETRY_AFTER_MS);
	assert.is(retryAfterMs({ "retry-after": "Mon, 01 Mar 2027 12:00:00 GMT" }, NOW), MAX_RETRY_AFTER_MS);
});

test("a value that is neither seconds nor a date is ignored", () => {
	for (const value of ["", "soon", "-5", "1e9", "2026-03-01T12:00:30Z", "Xyz, gibberish GMT"])
		assert.is(retryAfterMs({ "retry-after": value }, NOW), undefined, value);
	assert.is(retryAfterMs({}), undefined);
});

test.run();
