import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ErrorMeaning } from "../../../../src/backends/kit/http/error-table.ts";
import { VendorErrors } from "../../../../src/backends/kit/http/vendor-errors.ts";
import type { SpearError } from "../../../../src/errors/spear-error.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import type { StatusFailure } from "../../../../src/transport/http/status-error.ts";

const KEY = "sk-canary-0123456789abcdef";
const exchange = exchangeOf("POST", new URL("http://127.0.0.1/chat"), { secret: KEY });

/** Errors of a vendor with one word for each meaning. */
const MEANINGS: readonly ErrorMeaning[] = [
	...(["request", "size", "model", "region", "credentials", "quota", "rate", "overloaded", "conflict", "timeout", "failure"] as const),
];

const errors = new VendorErrors({
	rows: [
		{ mark: /no_money|no_funds/, message: /^pay first/i, means: "quota" },
		...MEANINGS.map((means) => ({ mark: means, means })),
		{ status: 420, means: "rate" },
	],
	reported: (value) => Reflect.get(Object(value), "error"),
	read: (value) => ({
		marks: [String(Reflect.get(Object(value), "type"))],
		status: Reflect.get(Object(value), "status"),
		retryAfterMs: Reflect.get(Object(value), "retry_ms"),
		place: Reflect.get(Object(value), "param"),
	}),
});

const failed = (status: number, body: string, more: Partial<StatusFailure> = {}): StatusFailure => ({
	...exchange,
	status,
	headers: {},
	body,
	retryAfterMs: undefined,
	...more,
});

const bodyOf = (type: string, more: object = {}): string => JSON.stringify({ error: { type, message: "Sorry.", ...more } });

const meaning = ({ code, retryable, attribution, processed }: SpearError): string =>
	`${code} ${retryable ? "retry" : "final"} ${attribution} ${processed}`;

const EXPECTED: Readonly<Record<ErrorMeaning, string>> = {
	request: "invalid_request final request no",
	size: "invalid_request final request no",
	model: "backend_error final request yes",
	region: "backend_error final backend no",
	credentials: "backend_error final credentials no",
	quota: "rate_limited final capacity no",
	rate: "rate_limited retry capacity no",
	overloaded: "backend_error retry capacity no",
	conflict: "backend_error retry backend yes",
	timeout: "timeout retry backend unknown",
	failure: "backend_error retry backend yes",
};

for (const [means, expected] of Object.entries(EXPECTED)) {
	test(`the meaning ${means} is ${expected}, with a status and within an answer`, () => {
		assert.is(meaning(errors.onStatus(failed(418, bodyOf(means)))), expected);
		assert.is(meaning(errors.reportedError(exchange, { type: means, message: "Sorry." })), expected);
	});
}

test("the first row that applies counts, and a message counts only from its beginning", () => {
	assert.is(meaning(errors.onStatus(failed(400, bodyOf("no_money", { message: "Pay first." })))), EXPECTED.quota);
	assert.is(meaning(errors.onStatus(failed(400, bodyOf("no_money", { message: "He said: pay first." })))), EXPECTED.request);
	assert.is(meaning(errors.onStatus(failed(400, bodyOf("no_money_at_all", { message: "Pay first." })))), EXPECTED.request);
	assert.is(meaning(errors.onStatus(failed(420, "{}"))), EXPECTED.rate);
});

test("the message has the vendor's words and the place, and the pause of a header takes precedence over that of the body", () => {
	const error = errors.onStatus(failed(400, bodyOf("request", { param: "top_p", retry_ms: 5 })));
	assert.equal([error.message, error.retryAfterMs], ["the backend finds the request invalid (status 400): Sorry. (top_p)", 5]);
	assert.is(errors.onStatus(failed(429, bodyOf("rate", { retry_ms: 5 }), { retryAfterMs: 9 })).retryAfterMs, 9);
});

test("bodies that are text, a list, cut off or no JSON are read as far as they tell something", () => {
	const text = failed(400, "temperature is too high", { headers: { "content-type": "text/plain" } });
	assert.match(errors.onStatus(text).message, /: temperature is too high$/);
	assert.not.match(errors.onStatus(failed(502, "<html>Bad Gateway</html>")).message, /html/);
	assert.is(meaning(errors.onStatus(failed(400, `[${bodyOf("quota")}]`))), EXPECTED.quota);
	assert.match(errors.onStatus(failed(400, '{"error":{"message":"Too long: ab')).message, /: Too long: ab$/);
});

test("an error within an answer has the status that it names, and shows no key", () => {
	const error = errors.reportedError(exchange, { type: "other", status: 429, message: `Your key ${KEY} is slow` });
	assert.is(meaning(error), EXPECTED.rate);
	assert.not.match(`${error.message} ${error.cause}`, KEY);
});

test("a result is an object that reports no error", () => {
	const wrong = (what: string): Error => new Error(what);
	assert.equal(errors.resultObject({ value: { a: 1 }, exchange }, wrong), { a: 1 });
	assert.throws(() => errors.resultObject({ value: [1], exchange }, wrong), /it is not an object/);
	assert.throws(() => errors.resultObject({ value: { error: { type: "overloaded" } }, exchange }, wrong), /overloaded/);
});

test("a page with the status 403 is a filter's before the backend, and no key is at fault", () => {
	const error = errors.onStatus(
		failed(403, "<html>Sorry, you have been blocked</html>", { headers: { "content-type": "text/html; charset=UTF-8" } }),
	);
	assert.is(meaning(error), "backend_error final backend no");
	assert.match(error.message, /^a proxy or firewall before the backend refuses the request with a page \(status 403\); /);
	const plain = errors.onStatus(failed(403, "no", { headers: { "content-type": "text/plain" } }));
	assert.is(plain.attribution, "credentials");
	const basic = errors.onStatus(failed(401, "<html>Authorization Required</html>", { headers: { "content-type": "text/html" } }));
	assert.is(basic.attribution, "credentials", "a proxy may ask for a key with a page");
});

test.run();
