import { test } from "uvu";
import * as assert from "uvu/assert";
import { TurnQueue } from "../../../../src/abi/component/metering/turn-queue.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("one guest continues in each turn of the event loop, in the order of the waits", async () => {
	const queue = new TurnQueue();
	const order: string[] = [];
	for (const name of ["a", "b", "c"]) queue.wait().turn.then(() => order.push(name));
	for (const expected of ["a", "ab", "abc"]) {
		await turn();
		assert.is(order.join(""), expected);
	}
	assert.is(queue.length, 0);
});

test("a wait that is skipped ends at once, and the others keep their turns", async () => {
	const queue = new TurnQueue();
	const order: string[] = [];
	const first = queue.wait();
	const second = queue.wait();
	first.turn.then(() => order.push("first"));
	second.turn.then(() => order.push("second"));
	second.skip();
	await Promise.resolve();
	assert.equal(order, ["second"]);
	second.skip();
	await turn();
	assert.equal(order, ["second", "first"]);
});

test("the number of the turn advances after a mark, and not without", async () => {
	const queue = new TurnQueue();
	const marked = queue.mark();
	assert.is(queue.turn, marked);
	await turn();
	assert.is(queue.turn, marked + 1);
	await turn();
	assert.is(queue.turn, marked + 1);
});

test.run();
