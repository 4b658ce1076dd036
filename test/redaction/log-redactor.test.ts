import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLogRedactor } from "../../src/redaction/log-redactor.ts";
import { createLogger } from "../../src/telemetry/logger.ts";

test("every form of a secret is replaced in a log line", () => {
	const redact = createLogRedactor(() => ['k"1 2345', "abcdef"]);
	assert.is(redact('a k"1 2345 b abcdef'), "a [redacted] b [redacted]");
	assert.is(redact(JSON.stringify({ a: 'k"1 2345' })), '{"a":"[redacted]"}');
	assert.is(redact(encodeURIComponent('k"1 2345')), "[redacted]");
});

test("a value too short for a secret is kept", () => {
	assert.is(createLogRedactor(() => ["a"])("banana"), "banana");
});

test("a rotated key is replaced from the next line on", () => {
	const secrets: string[] = [];
	const redact = createLogRedactor(() => secrets);
	assert.is(redact("new-key"), "new-key");
	secrets.push("new-key");
	assert.is(redact("new-key"), "[redacted]");
});

test("causes, stacks and headers of a log line are redacted", () => {
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
