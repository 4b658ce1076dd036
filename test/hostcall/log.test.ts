import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLog } from "../../src/hostcall/log.ts";
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

test.run();
