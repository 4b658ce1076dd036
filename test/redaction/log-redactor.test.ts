import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLogRedactor } from "../../src/redaction/log-redactor.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

test("every form of a secret is hidden, wherever it stands", () => {
	const redact = createLogRedactor(() => ['k"1 2345', "abcdef"]);
	assert.is(redact('a k"1 2345 b abcdef'), "a [redacted] b [redacted]");
	assert.is(redact(JSON.stringify({ a: 'k"1 2345' })), '{"a":"[redacted]"}');
	assert.is(redact(encodeURIComponent('k"1 2345')), "[redacted]");
});

test("secrets too short to tell from ordinary text are left alone", () => {
	assert.is(createLogRedactor(() => ["a"])("banana"), "banana");
});

test("secrets are read anew, so that a rotated key is covered", () => {
	const secrets: string[] = [];
	const redact = createLogRedactor(() => secrets);
	assert.is(redact("new-key"), "new-key");
	secrets.push("new-key");
	assert.is(redact("new-key"), "[redacted]");
});

test("a log line is redacted after it is put together, causes and stacks included", () => {
	const lines: string[] = [];
	const logger = createLogger({ level: "info", write: (line) => lines.push(line), redact: createLogRedactor(() => ["s3cret-key"]) });
	logger.debug({}, "not written");
	logger.error(
		{ err: new Error("outer", { cause: new Error("s3cret-key inside") }), header: { authorization: "Bearer s3cret-key" } },
		"failed",
	);
	assert.is(lines.length, 1);
	assert.not.match(lines[0] ?? "", "s3cret-key");
	assert.match(lines[0] ?? "", "[redacted] inside");
	assert.is(JSON.parse(lines[0] ?? "").header.authorization, "Bearer [redacted]");
});

test.run();
