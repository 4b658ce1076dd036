import { test } from "uvu";
import * as assert from "uvu/assert";
import { turnBeforeSlice } from "../../src/async/slices.ts";

test("a loop has a turn of the event loop between slices of 512 items, and none within", async () => {
	const before: number[] = [];
	for (let index = 0; index <= 2000; index++) {
		const turn = turnBeforeSlice(index);
		if (turn === undefined) continue;
		let passed = false;
		setImmediate(() => {
			passed = true;
		});
		await turn;
		await new Promise(setImmediate);
		assert.is(passed, true);
		before.push(index);
	}
	assert.equal(before, [512, 1024, 1536]);
});

test.run();
