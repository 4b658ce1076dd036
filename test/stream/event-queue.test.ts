import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventQueue } from "../../src/stream/event-queue.ts";

const NEVER = new AbortController().signal;

function queueOf(maxBytes: number): EventQueue<string> {
	return new EventQueue({ maxBytes, sizeOf: (text) => text.length });
}

/** Whether a promise has settled by the next turn of the event loop. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	void promise.then(() => {
		done = true;
	});
	await new Promise((resolve) => setImmediate(resolve));
	return done;
}

test("events come out in the order they went in, and their bytes are counted", () => {
	const queue = queueOf(10);
	queue.push("ab");
	queue.push("c");
	assert.is(queue.bytes, 3);
	assert.is(queue.take(), "ab");
	assert.is(queue.take(), "c");
	assert.is(queue.take(), undefined);
	assert.is(queue.bytes, 0);
});

test("a full queue makes the producer wait until something is taken", async () => {
	const queue = queueOf(4);
	queue.push("abcd");
	const room = queue.whenWritable(NEVER);
	assert.is(await settled(room), false);
	queue.take();
	assert.is(await settled(room), true);
});

test("an abort lets a waiting producer go", async () => {
	const controller = new AbortController();
	const queue = queueOf(1);
	queue.push("x");
	const room = queue.whenWritable(controller.signal);
	controller.abort();
	assert.is(await settled(room), true);
});

test("it is ready when something is there and when nothing will ever come", async () => {
	const queue = queueOf(4);
	assert.is(queue.isReady(), false);
	const ready = queue.whenReady();
	queue.push("a");
	assert.is(await settled(ready), true);
	queue.take();
	assert.is(queue.isReady(), false);
	queue.end();
	assert.is(queue.isReady(), true);
	assert.is(queue.drained, true);
});

test("what was queued before the end is still delivered, what comes after is not", () => {
	const queue = queueOf(4);
	queue.push("a");
	queue.end();
	queue.push("b");
	assert.is(queue.drained, false);
	assert.is(queue.take(), "a");
	assert.is(queue.take(), undefined);
	assert.is(queue.drained, true);
});

test("taken-back subscriptions are not told and leave nothing behind", () => {
	const queue = queueOf(4);
	let told = 0;
	const undo = queue.onReady(() => {
		told += 1;
	});
	undo();
	queue.push("a");
	assert.is(told, 0);
});

test.run();
