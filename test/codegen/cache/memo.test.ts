import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiskMemo, memoText } from "../../../codegen/cache/memo.ts";
import { inScratch } from "../write/scratch.ts";

/** Returns a text, and counts how often it is asked for it. */
function counted(text: string): { readonly make: () => Promise<string>; calls: number } {
	const counter = {
		calls: 0,
		make: async () => {
			counter.calls++;
			return text;
		},
	};
	return counter;
}

test("a result is made once for the same inputs, and again for others or by another generator", async () => {
	await inScratch(async (dir) => {
		const result = counted("made");
		for (const _ of [1, 2]) assert.is(await memoText(new DiskMemo(dir, "one"), ["a", "b"], result.make), "made");
		assert.is(result.calls, 1);
		await memoText(new DiskMemo(dir, "one"), ["ab"], result.make);
		await memoText(new DiskMemo(dir, "two"), ["a", "b"], result.make);
		assert.is(result.calls, 3);
	});
});

test("a damaged result is made again, a cache that cannot be written is none", async () => {
	await inScratch(async (dir) => {
		const result = counted("made");
		await memoText(new DiskMemo(dir, "one"), ["a"], result.make);
		const [file] = fs.readdirSync(dir);
		fs.appendFileSync(path.join(dir, String(file)), "!");
		assert.is(await memoText(new DiskMemo(dir, "one"), ["a"], result.make), "made");
		assert.is(result.calls, 2);
		fs.writeFileSync(path.join(dir, "file"), "");
		assert.is(await memoText(new DiskMemo(path.join(dir, "file"), "one"), ["a"], result.make), "made");
	});
});

test("results that a run has no use for are removed after it", async () => {
	await inScratch(async (dir) => {
		const first = new DiskMemo(dir, "one");
		for (const name of ["a", "b"]) await memoText(first, [name], async () => name);
		const second = new DiskMemo(dir, "one");
		await memoText(second, ["b"], async () => "b");
		second.removeUnused();
		assert.is(fs.readdirSync(dir).length, 1);
	});
});

test.run();
