import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventQueue } from "../../src/stream/event-queue.ts";

const NEVER = new AbortController().signal;

function queueOf(maxBytes: number): EventQueue<string> {
	return new EventQueue({ maxBytes, sizeOf: (text) => text.length });
}

/** Returns true if a promise has settled by the next turn of the event loop. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
	let done = false;
	void promise.then(() => {
		done = true;
	});
	await new Promise((resolve) => setImmediate(resolve));
	return done;
}

test("events are taken in the order they were pushed, and their bytes are counted", () => {
	const queue = queueOf(10);
	queue.push("ab");
	queue.push("c");
	assert.is(queue.bytes, 3);
	assert.is(queue.take(), "ab");
	assert.is(queue.take(), "c");
	assert.is(queue.take(), undefined);
	assert.is(queue.bytes, 0);
});

test("a producer waits while the queue is full", async () => {
	const queue = queueOf(4);
	queue.push("abcd");
	const writable = queue.whenWritable(NEVER);
	assert.is(await settled(writable), false);
	queue.take();
	assert.is(await settled(writable), true);
});

test("a waiting producer resumes when its signal is aborted", async () => {
	const controller = new AbortController();
	const queue = queueOf(1);
	queue.push("x");
	const writable = queue.whenWritable(controller.signal);
	controller.abort();
	assert.is(await settled(writable), true);
});

test("a queue is ready when an event is queued or the queue has ended", async () => {
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

test("events that were queued before the end are still delivered, and later ones are ignored", () => {
	const queue = queueOf(4);
	queue.push("a");
	queue.end();
	queue.push("b");
	assert.is(queue.drained, false);
	assert.is(queue.take(), "a");
	assert.is(queue.take(), undefined);
	assert.is(queue.drained, true);
});

test("a cancelled subscription is not notified", () => {
	const queue = queueOf(4);
	let notified = 0;
	const cancel = queue.onReady(() => {
		notified += 1;
	});
	cancel();
	queue.push("a");
	assert.is(notified, 0);
});

test.run();
