import { test } from "uvu";
import * as assert from "uvu/assert";
import { openAiErrors } from "../../src/backends/protocols/openai/errors.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { redactBeginning } from "../../src/redaction/redact-beginning.ts";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";

const KEY = "sk-secret-0123456789";
const redact = createUpstreamRedactor([KEY]);

test("a short text is redacted whole", () => {
	assert.is(redactBeginning(`a ${KEY} b`, redact), "a [redacted] b");
});

test("a long text is cut before it is redacted, and no part of a key is left at the cut", () => {
	for (let shift = 0; shift <= KEY.length; shift++) {
		const text = `${"a ".repeat(8 * 1024 - 20)}${"b".repeat(40 - shift)}${KEY}${"c".repeat(100_000)}`;
		let redacted = 0;
		const result = redactBeginning(text, (part, options) => {
			redacted = part.length;
			return redact(part, options);
		});
		assert.is(redacted, 16 * 1024);
		assert.not.match(result, /sk-/);
	}
});

test("no part of an escaped key is left at the cut, and the text before stays", () => {
	const escaped = Array.from(KEY, (char) => `\\\\u00${char.charCodeAt(0).toString(16)}`).join("");
	for (let shift = 0; shift <= escaped.length; shift += 5) {
		const result = redactBeginning(`${"a".repeat(16 * 1024 - shift)}${escaped}`, redact);
		assert.match(result, /^a{15000,}(?:\[redacted\])?$/);
	}
});

test("of an error of megabytes within a stream only the beginning is redacted", () => {
	let redacted = 0;
	const exchange = {
		target: "POST http://127.0.0.1/v1",
		hostname: "127.0.0.1",
		redact: (text: string) => {
			redacted += text.length;
			return redact(text);
		},
	};
	const error = openAiErrors.reportedError(exchange, { message: `too long ${"*a".repeat(3_500_000)}`, code: 400 });
	assert.instance(error, SpearError);
	assert.match(error.message, /too long/);
	assert.ok(redacted <= 3 * 16 * 1024, `${redacted} characters`);
});

test.run();
