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

test.run();
