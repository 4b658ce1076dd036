import { test } from "uvu";
import * as assert from "uvu/assert";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";

const SECRET = 'k3y-with "quotes"/and+more';
const redact = createUpstreamRedactor([SECRET, undefined, "none"]);

test("a secret is replaced, plain, inside JSON and percent-encoded", () => {
	assert.is(redact(`you sent ${SECRET}!`), "you sent [redacted]!");
	assert.is(redact(JSON.stringify({ key: SECRET })), '{"key":"[redacted]"}');
	assert.is(redact(`?key=${encodeURIComponent(SECRET)}&x=1`), "?key=[redacted]&x=1");
});

test("a secret that contains another is replaced whole", () => {
	assert.is(createUpstreamRedactor(["secret", "secret-and-more"])("it was secret-and-more"), "it was [redacted]");
});

test("a prefix of a secret is replaced at the end of a text", () => {
	assert.is(redact("your key k3y-with"), "your key [redacted]");
	assert.is(redact("your key k3y"), "your key k3y");
});

test("a token that the upstream masked in part is replaced", () => {
	assert.is(redact("Incorrect key: sk-ab12********wxyz."), "Incorrect key: [redacted]");
});

test("a value too short for a secret is kept", () => {
	assert.is(redact("none of it"), "none of it");
});

test("text made to slow down the patterns is redacted in linear time", () => {
	// Quadratic time would take minutes and exceed the time limit of the test file.
	assert.is(redact("a".repeat(200_000)), "a".repeat(200_000));
	assert.is(redact("a.".repeat(100_000)), "a.".repeat(100_000));
	assert.is(redact("*a".repeat(100_000)), "*a".repeat(100_000));
});

test.run();
