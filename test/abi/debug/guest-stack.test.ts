import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { splitStack, uncaughtStack } from "../../../src/abi/debug/guest-stack.ts";

test("a message is split from the stack at its end, and the frames of both engines get one form", () => {
	assert.equal(splitStack("no luck\n    at f (src/a.ts:1:2)\n    at map (native)\n"), {
		message: "no luck",
		stack: "    at f (src/a.ts:1:2)\n    at map (native)",
	});
	assert.equal(splitStack("two\nlines\nf@src/a.ts:1:2\nodd name@b.ts:3:4\n@c.ts:5:6"), {
		message: "two\nlines",
		stack: "    at f (src/a.ts:1:2)\n    at odd name (b.ts:3:4)\n    at c.ts:5:6",
	});
});

test("a message without a stack stays as it is", () => {
	for (const text of ["", "at home", "look at\nthis", "mail me@example.com", " x \n"])
		assert.equal(splitStack(text), { message: text, stack: "" });
});

test("the stack of an exception that a QuickJS guest did not catch is read from its panic", () => {
	const panic = [
		"thread '<unnamed>' (1) panicked at crates/runtime/src/interpreter.rs:51:31:",
		"Failed to call 'run': Value(Exception(",
		'Exception { message: Some("no \\"luck\\""), stack: Some("    at \\"f\\" (src/a.ts:1:2)\\n    at run (src/a.ts:3:4)\\n") })',
		")",
	];
	assert.is(uncaughtStack(panic.join("\n")), '    at "f" (src/a.ts:1:2)\n    at run (src/a.ts:3:4)');
	for (const text of ["", "stack: Some(", 'stack: Some("', 'stack: Some("no frames', `stack: Some("${"\\".repeat(100_000)}`])
		assert.is(uncaughtStack(text), "");
});

test("a stack is cut after 32 frames, and a long one costs time in proportion to its length", () => {
	assert.is(splitStack(`x${"\n    at f (a.ts:1:1)".repeat(100)}`).stack.split("\n").length, 32);
	const start = process.cpuUsage();
	for (const line of ["\nat ", `\n${"@".repeat(1_000)}`, `\n${"a:1".repeat(1_000)}`])
		splitStack(`x${line.repeat(1_000_000 / line.length)}`);
	assert.ok(process.cpuUsage(start).user < 1_000_000);
});

test.run();
