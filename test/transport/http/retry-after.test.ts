import { test } from "uvu";
import * as assert from "uvu/assert";
import { MAX_RETRY_AFTER_MS, retryAfterMs } from "../../../src/transport/http/retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test("seconds become milliseconds", () => {
	assert.is(retryAfterMs({ "retry-after": "20" }), 20_000);
	assert.is(retryAfterMs({ "retry-after": " 0.25 " }), 250);
	assert.is(retryAfterMs({ "retry-after": "0" }), 0);
});

test("a date counts from now, and one in the past means now", () => {
	assert.is(retryAfterMs({ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, NOW), 30_000);
	assert.is(retryAfterMs({ "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, NOW), 0);
});

test("milliseconds win over seconds", () => {
	assert.is(retryAfterMs({ "retry-after": "2", "retry-after-ms": "1500" }), 1500);
});

test("no promise is longer than the cap", () => {
	assert.is(retryAfterMs({ "retry-after": "999999999" }), MAX_RETRY_AFTER_MS);
	assert.is(retryAfterMs({ "retry-after": "Mon, 01 Mar 2027 12:00:00 GMT" }, NOW), MAX_RETRY_AFTER_MS);
});

test("what is neither seconds nor a date says nothing", () => {
	for (const value of ["", "soon", "-5", "1e9", "2026-03-01T12:00:30Z", "Xyz, gibberish GMT"])
		assert.is(retryAfterMs({ "retry-after": value }, NOW), undefined, value);
	assert.is(retryAfterMs({}), undefined);
});

test.run();
