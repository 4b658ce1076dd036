import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLogger } from "../../src/telemetry/logger.ts";

test("a log line holds no character that a terminal obeys, and keeps its values", () => {
	const lines: string[] = [];
	const logger = createLogger({
		level: "info",
		write: (line) => lines.push(line),
		redact: (text) => text.replaceAll("secret", "[redacted]"),
	});
	logger.info({ guest: { name: "\u009b31m\u202e" } }, "a secret\u001b]0;x\u0007\u0085");
	assert.is(lines.length, 1);
	const [line = ""] = lines;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters that must not be there
	assert.not.match(line.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
	const { guest, msg } = JSON.parse(line);
	assert.equal([guest, msg], [{ name: "\u009b31m\u202e" }, "a [redacted]\u001b]0;x\u0007\u0085"]);
});

/** Writes a line in the form for a terminal, without its time. */
function readable(fields: Record<string, unknown>, message: string, form: "text" | "coloured" = "text"): string {
	const lines: string[] = [];
	createLogger({ level: "info", write: (line) => lines.push(line), redact: (text) => text.replaceAll("secret", "[redacted]"), form }).warn(
		fields,
		message,
	);
	return lines.join("").replace(/^\d{2}:\d{2}:\d{2}\.\d{3} /, "");
}

test("a line for a terminal has level, message and fields, and is redacted", () => {
	assert.is(
		readable({ guest: "a", status: 200, text: "two words", list: [1, "x"] }, "a secret message"),
		'WARN  a [redacted] message guest=a status=200 text="two words" list=[1,"x"]\n',
	);
});

test("a line for a terminal escapes what a terminal obeys, in names and values too", () => {
	assert.is(
		readable({ "k\u001b[2J": "v\u009b31m\nx" }, "m\u001b]0;t\u0007\u202e"),
		'WARN  m\\x1b]0;t\\x07\\u202e k\\x1b[2J="v\\x9b31m\\nx"\n',
	);
});

test("a line of a guest for a terminal begins with the guest and the start of its run's id", () => {
	const run_id = "0f3c2a91-1c7e-4d3b-9d51-1f4f0a3f6c11";
	assert.is(readable({ guest: "clerk", run_id, fields: { sku: "M6" } }, "looks it up"), "WARN  clerk 0f3c2a91 looks it up sku=M6\n");
	assert.is(readable({ guest: "clerk", run_id, request_id: "r-1" }, "hi"), "WARN  clerk 0f3c2a91 hi request_id=r-1\n");
	assert.is(readable({ guest: "clerk", run_id, request_id: run_id }, "hi"), "WARN  clerk 0f3c2a91 hi\n");
	assert.is(readable({ guest: "c\u001b[2J", run_id: "\u001b" }, "hi"), "WARN  c\\x1b[2J \\x1b hi\n");
});

test("a stack follows the line of its error, and colours are those of the logger alone", () => {
	const cause = new Error("the reason");
	cause.stack = "Error: the reason\n    at there";
	const error = new Error("broken", { cause });
	error.stack = "Error: broken\n    at here";
	assert.is(
		readable({ err: error }, "failed"),
		"WARN  failed\n    Error: broken\n        at here\n    caused by Error: the reason\n        at there\n",
	);
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequence of a colour
	assert.match(readable({}, "failed", "coloured"), /^\u001b\[33mWARN \u001b\[39m failed/);
});

test.run();
