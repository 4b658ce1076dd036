import { test } from "uvu";
import * as assert from "uvu/assert";
import { coreCalls } from "../../helpers/core-calls.ts";

test("levels are numbers, and unknown ones count as info", () => {
	const { log, scope } = coreCalls();
	for (const level of [0, 1, 2, 3, 4, 5, -1]) assert.is(log.log(level, "hello"), 0);
	assert.equal(
		scope.logged.map(({ level }) => level),
		["trace", "debug", "info", "warn", "error", "info", "info"],
	);
});

test("one line feed at the end is removed", () => {
	const { log, scope } = coreCalls();
	for (const line of ["a\n", "a\n\n", "a\nb", "\n", ""]) log.log(2, line);
	assert.equal(
		scope.logged.map(({ message }) => message),
		["a", "a\n", "a\nb", "", ""],
	);
});

test("lines beyond the budget of the guest are dropped and counted", () => {
	const { log, scope } = coreCalls({ limits: { maxLogLinesPerS: 2 } });
	for (let count = 0; count < 1_000; count += 1) assert.is(log.log(2, "hello"), 0);
	assert.is(scope.logged.length, 2);
	scope.clock.pass(1_000);
	assert.equal(scope.logged.at(-1)?.fields[0], { key: "dropped_lines", value: "998" });
});

test.run();
