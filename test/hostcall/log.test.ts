import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLog } from "../../src/hostcall/log.ts";
import { redactedLine } from "../../src/hostcall/log-line.ts";
import { createMask } from "../../src/redaction/secrets.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";

test("a line within the limit passes unchanged", () => {
	const scope = scriptedScope([]);
	createLog(scope).log("info", "hello", [{ key: "a", value: "1" }]);
	assert.equal(scope.logged, [{ level: "info", message: "hello", fields: [{ key: "a", value: "1" }] }]);
});

test("a line beyond the limit is cut at a character and marked", () => {
	const scope = scriptedScope([], { maxLogBytes: 16 });
	createLog(scope).log("warn", "é".repeat(20), [{ key: "a", value: "1" }]);
	assert.equal(scope.logged, [{ level: "warn", message: "ééé… (cut)", fields: [{ key: "fields_cut", value: "1" }] }]);
});

test("fields that no longer fit are left out and counted", () => {
	const scope = scriptedScope([], { maxLogBytes: 10 });
	const field = (value: string): { key: string; value: string } => ({ key: "k", value });
	createLog(scope).log("info", "hello", [field("abc"), field("d"), field("")]);
	assert.equal(scope.logged[0]?.fields, [field("abc"), { key: "fields_cut", value: "2" }]);
});

test("lines beyond the number of a second are dropped, and one line says how many", () => {
	const scope = scriptedScope([], { maxLogLinesPerS: 2 });
	const { log } = createLog(scope);
	for (let count = 0; count < 1_000; count += 1) log("info", "hello", []);
	assert.is(scope.logged.length, 2);
	scope.clock.pass(999);
	log("info", "hello", []);
	assert.is(scope.logged.length, 2);
	scope.clock.pass(1);
	assert.equal(scope.logged[2], {
		level: "warn",
		message: "log and output lines of the guest were dropped: more than max_log_lines_per_s or max_log_bytes_per_s",
		fields: [
			{ key: "dropped_lines", value: "999" },
			{ key: "dropped_bytes", value: "4995" },
		],
	});
	log("info", "again", []);
	assert.is(scope.logged[3]?.message, "again");
	assert.is(scope.clock.pending, 0);
});

test("lines beyond the bytes of a second are dropped", () => {
	const scope = scriptedScope([], { maxLogBytesPerS: 100 });
	const { log } = createLog(scope);
	for (let count = 0; count < 5; count += 1) log("info", "x".repeat(30), [{ key: "k", value: "v".repeat(9) }]);
	assert.is(scope.logged.length, 2);
});

test("a guest within its budget logs on, second after second, and sets no timer", () => {
	const scope = scriptedScope([], { maxLogLinesPerS: 2 });
	const { log } = createLog(scope);
	for (let second = 0; second < 3; second += 1) {
		log("info", "a", []);
		log("info", "b", []);
		scope.clock.pass(1_000);
	}
	assert.is(scope.logged.length, 6);
	assert.is(scope.clock.pending, 0);
});

test("a key across the cut of a long line leaves no part before the cut", () => {
	const key = "sk-canary-51c3b6d09e7f4a28";
	const redact = createMask([key]);
	for (let before = 30; before <= 64; before += 1) {
		const scope = scriptedScope([], { maxLogBytes: 64 }, redact);
		createLog(scope).log("info", `${"x".repeat(before)}${key}${"y".repeat(20_000)}`, [{ key: `${key}=`, value: key }]);
		createLog(scope).log("info", `${"x".repeat(before)}${key}`, [{ key: "k", value: "v" }]);
		assert.not.match(JSON.stringify(scope.logged), /sk-/);
	}
});

test("a key at the end of the text that is redacted leaves no part, however much the redaction shortens the line", () => {
	const key = `sk-${"0123456789abcdef".repeat(20)}`;
	const redact = createMask([key]);
	for (let before = 0; before < key.length; before += 1) {
		const line = redactedLine(`${"x".repeat(before)}${key.repeat(60)}`, 8_192, redact);
		assert.not.match(line, /sk-|0123/);
		assert.match(line, /… \(cut\)$/);
	}
});

test("a line that is cut after the redaction keeps to the limit", () => {
	for (const text of ["é".repeat(50_000), "a".repeat(9_000), "a".repeat(8_193)])
		assert.ok([8_191, 8_192].includes(Buffer.byteLength(redactedLine(text, 8_192, (line) => line))));
	assert.is(
		redactedLine("a".repeat(8_192), 8_192, (line) => line),
		"a".repeat(8_192),
	);
});

test("the number of dropped lines is told when the run ends within the second", () => {
	const scope = scriptedScope([], { maxLogLinesPerS: 1 });
	const { log } = createLog(scope);
	for (let count = 0; count < 3; count += 1) log("info", "hello", []);
	scope.abort.abort();
	assert.equal(scope.logged[1]?.fields[0], { key: "dropped_lines", value: "2" });
	assert.is(scope.clock.pending, 0);
});

test.run();
