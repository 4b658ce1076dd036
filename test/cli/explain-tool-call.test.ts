import { test } from "uvu";
import * as assert from "uvu/assert";
import { explainToolCall } from "../../src/cli/explain-tool-call.ts";
import { createTranscript } from "../../src/cli/transcript.ts";
import type { ToolCallEvent } from "../../src/telemetry/host-event.ts";

const CALL: ToolCallEvent = { type: "tool-call", server: "fs", tool: "read_file", durationMs: 12.4, bytes: 345, outcome: "ok" };

test("a call of a tool is printed with its outcome, size and time", () => {
	assert.is(explainToolCall(CALL), "tool       fs read_file: ok, 345 bytes in 12 ms");
	assert.is(
		explainToolCall({ ...CALL, outcome: "failed", bytes: 0, message: "the server ended" }),
		"tool       fs read_file: failed in 12 ms: the server ended",
	);
});

test("a transcript has the calls of tools", () => {
	let written = "";
	createTranscript((text) => {
		written += text;
	})(CALL);
	assert.is(written, "tool       fs read_file: ok, 345 bytes in 12 ms\n");
});

test.run();
