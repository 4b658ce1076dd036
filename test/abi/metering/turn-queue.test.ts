import { test } from "uvu";
import * as assert from "uvu/assert";
import { TurnQueue } from "../../../src/abi/metering/turn-queue.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("one guest continues in each turn of the event loop without turns between, in the order of the waits", async () => {
	const queue = new TurnQueue(0);
	const order: string[] = [];
	for (const name of ["a", "b", "c"]) queue.wait().turn.then(() => order.push(name));
	for (const expected of ["a", "ab", "abc"]) {
		await turn();
		assert.is(order.join(""), expected);
	}
	assert.is(queue.length, 0);
});

test("the event loop has turns of its own between two guests", async () => {
	const queue = new TurnQueue(3);
	const turns: number[] = [];
	let count = 0;
	for (let guest = 0; guest < 3; guest += 1) queue.wait().turn.then(() => turns.push(count));
	for (; count < 12; count += 1) await turn();
	assert.equal(
		turns.slice(1).map((at, index) => at - (turns[index] ?? 0)),
		[4, 4],
	);
});

test("waits that are skipped end before the others, each in a turn of its own", async () => {
	const queue = new TurnQueue(0);
	const order: string[] = [];
	const first = queue.wait();
	const second = queue.wait();
	first.turn.then(() => order.push("first"));
	second.turn.then(() => order.push("second"));
	const third = queue.wait();
	third.turn.then(() => order.push("third"));
	second.skip();
	third.skip();
	second.skip();
	for (const expected of ["second", "second third", "second third first"]) {
		await turn();
		assert.is(order.join(" "), expected);
	}
	first.skip();
	await turn();
	assert.is(order.length, 3);
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
