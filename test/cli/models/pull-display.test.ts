import { test } from "uvu";
import * as assert from "uvu/assert";
import { PullDisplay } from "../../../src/cli/models/pull-display.ts";

/** Returns the text that a display writes while 10 MB arrive in five steps of half a second. */
function written(isTTY: boolean): string {
	const parts: string[] = [];
	let now = 0;
	const display = new PullDisplay({ isTTY, write: (more: string) => parts.push(more) }, () => now);
	for (let bytes = 0; bytes <= 10e6; bytes += 2e6) {
		display.show({ phase: "downloading", model: "m", package: "p@1", bytes, totalBytes: 10e6 });
		now += 500;
	}
	display.show({ phase: "unpacking", model: "m", bytes: 10e6, totalBytes: 10e6 });
	display.finish("m is here");
	return parts.join("");
}

test("a line a second is written where the output is no terminal", () => {
	assert.equal(written(false).split("\n"), [
		"m: 0.0 MB of 10 MB, 0.0 MB/s, p@1",
		"m: 4.0 MB of 10 MB, 4.0 MB/s, p@1",
		"m: 8.0 MB of 10 MB, 4.0 MB/s, p@1",
		"m: checking and unpacking",
		"m is here",
		"",
	]);
});

test("one line is redrawn on a terminal", () => {
	const lines = written(true).split("\r\u001b[K");
	assert.is(lines.length, 9);
	assert.is(lines[6], "m: 10 MB of 10 MB, 4.0 MB/s, p@1");
	assert.equal(lines.slice(7), ["m: checking and unpacking", "m is here\n"]);
});

test("the holder of a lock is named", () => {
	const parts: string[] = [];
	new PullDisplay({ write: (more: string) => parts.push(more) }, () => 0).show({ phase: "waiting", model: "m", pid: 7 });
	assert.is(parts.join(""), "m: waiting for process 7, which pulls the same model\n");
});

test.run();
