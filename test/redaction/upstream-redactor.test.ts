import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestText, shorten } from "../../src/redaction/guest-text.ts";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";

const SECRET = 'k3y-with "quotes"/and+more';
const redact = createUpstreamRedactor([SECRET, undefined, "none"]);

test("takes a secret out, plain, inside JSON and percent-encoded", () => {
	assert.is(redact(`you sent ${SECRET}!`), "you sent [redacted]!");
	assert.is(redact(JSON.stringify({ key: SECRET })), '{"key":"[redacted]"}');
	assert.is(redact(`?key=${encodeURIComponent(SECRET)}&x=1`), "?key=[redacted]&x=1");
});

test("takes the beginning of a secret out where the text breaks off", () => {
	assert.is(redact("your key k3y-with"), "your key [redacted]");
	assert.is(redact("your key k3y"), "your key k3y");
});

test("takes half-masked tokens out", () => {
	assert.is(redact("Incorrect key: sk-ab12********wxyz."), "Incorrect key: [redacted]");
});

test("leaves words too short to be secrets alone", () => {
	assert.is(redact("none of it"), "none of it");
});

test("a guest's text is one line without URLs and without the upstream's name", () => {
	const exchange = { hostname: "llm.internal.example", redact };
	assert.is(
		guestText(`see\n\thttps://llm.internal.example/v1/keys?x=1, or ask\u0007 llm.internal.example`, exchange),
		"see [url] or ask [host]",
	);
	assert.is(guestText("x".repeat(1000), exchange).length, 300);
});

test("takes no longer for text made to slow it down", () => {
	const start = performance.now();
	for (const text of ["a".repeat(200_000), "a.".repeat(100_000), "*a".repeat(100_000)])
		guestText(text, { hostname: "llm.example", redact });
	// Quadratic time would be minutes; the bound leaves room for a busy machine.
	assert.ok(performance.now() - start < 5000);
});

test("shortening never leaves half a character", () => {
	assert.is(shorten("ab😀cd", 4), "ab…");
	assert.is(shorten("abcd", 4), "abcd");
});

test.run();
