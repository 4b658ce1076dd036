import { test } from "uvu";
import * as assert from "uvu/assert";
import { guestText } from "../../src/redaction/guest-text.ts";

const exchange = { hostname: "llm.internal.example", redact: (text: string) => text.replaceAll("top-secret", "[redacted]") };

test("upstream text for a guest is redacted, on one line, without URLs and the upstream's name", () => {
	assert.is(
		guestText("see\n\thttps://llm.internal.example/v1/keys?x=1, or ask\u0007 llm.internal.example for top-secret", exchange),
		"see [url] or ask [host] for [redacted]",
	);
});

test("upstream text for a guest holds no control characters and no changes of the writing direction", () => {
	assert.is(guestText("a\u001b]0;t\u0007b\u009b31mc\u202ed\u2066e", exchange), "a ]0;t b 31mc d e");
});

test("upstream text for a guest is cut to 300 characters", () => {
	assert.is(guestText("x".repeat(1000), exchange), `${"x".repeat(299)}…`);
});

test("text made to slow down the patterns is handled in linear time", () => {
	// Quadratic time would take minutes and exceed the time limit of the test file.
	for (const text of ["a", "a.", "a+-."]) assert.is(guestText(text.repeat(100_000), exchange).length, 300);
});

test.run();
