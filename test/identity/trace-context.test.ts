import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatTraceparent, parseTraceparent } from "../../src/identity/trace-context.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent names the trace and the span, also one of a later version with more fields", () => {
	const texts = { [`00-${TRACE}-${SPAN}-01`]: true, [`00-${TRACE}-${SPAN}-00`]: false, [`01-${TRACE}-${SPAN}-03-what-comes-later`]: true };
	for (const [text, isSampled] of Object.entries(texts)) {
		assert.equal(parseTraceparent(text), { traceId: TRACE, spanId: SPAN, isSampled }, text);
	}
});

test("a trace context is written as it is read", () => {
	for (const flags of ["00", "01"]) {
		const text = `00-${TRACE}-${SPAN}-${flags}`;
		const trace = parseTraceparent(text);
		assert.is(trace === undefined ? undefined : formatTraceparent(trace), text);
	}
});

test("text of another form is no traceparent", () => {
	const wrong = [
		"",
		`00-${TRACE}-${SPAN}`,
		`00-${TRACE.toUpperCase()}-${SPAN}-01`,
		`ff-${TRACE}-${SPAN}-01`,
		`00-${"0".repeat(32)}-${SPAN}-01`,
		`00-${TRACE}-${"0".repeat(16)}-01`,
		`00-${TRACE}-${SPAN}-01-more`,
		` 00-${TRACE}-${SPAN}-01`,
	];
	for (const text of wrong) assert.is(parseTraceparent(text), undefined, text);
});

test.run();
