import { test } from "uvu";
import * as assert from "uvu/assert";
import { BindingError, ConversionError } from "../../generated/hostcall/runtime.ts";
import { faultLogger, logFault } from "../../src/hostcall/fault-log.ts";
import type { Logger } from "../../src/telemetry/logger.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

const site = { interface: "poll", function: "pollable.ready" };

function recorder(): { logger: Logger; lines: { level: string; fields: object; message: string }[] } {
	const lines: { level: string; fields: object; message: string }[] = [];
	const write = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
	return {
		lines,
		logger: { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
	};
}

test("a fault that the guest causes is logged without a stack", () => {
	const { logger, lines } = recorder();
	logFault(new BindingError("invalid_request", "the handle was dropped; open a new one"), site, logger);
	logFault(new ConversionError("fields[0]", "is not text"), site, logger);
	assert.equal(lines, [
		{
			level: "warn",
			fields: { hostcall: "poll.pollable.ready" },
			message: "a guest misused a hostcall: the handle was dropped; open a new one",
		},
		{ level: "warn", fields: { hostcall: "poll.pollable.ready" }, message: "a guest misused a hostcall: fields[0]: is not text" },
	]);
});

test("a fault of the host keeps its cause", () => {
	const { logger, lines } = recorder();
	const cause = new Error("broken");
	logFault(cause, site, logger);
	assert.equal(lines, [{ level: "error", fields: { err: cause, hostcall: "poll.pollable.ready" }, message: "a hostcall failed" }]);
});

test("faults in a loop are logged ten times a second, with one line for the others", () => {
	const { logger, lines } = recorder();
	const clock = new FakeClock();
	const bounded = faultLogger(logger, clock, new AbortController().signal);
	for (let count = 0; count < 1_000; count += 1) logFault(new Error("broken"), site, bounded);
	assert.is(lines.length, 10);
	clock.pass(1_000);
	assert.equal(lines[10], {
		level: "warn",
		fields: { dropped_lines: 990 },
		message: "990 fault lines of a guest were dropped: more than 10 a second",
	});
	assert.is(clock.pending, 0);
});

test.run();
