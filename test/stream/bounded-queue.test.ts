import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Overflow } from "../../generated/ir/rt.ts";
import { BoundedQueue } from "../../src/stream/bounded-queue.ts";

interface Item {
	readonly id: number;
	readonly bytes: number;
	readonly droppable: boolean;
}

function queueOf(maxBytes: number, overflow: Overflow, mark?: number): BoundedQueue<Item> {
	return new BoundedQueue({
		maxBytes,
		overflow,
		sizeOf: ({ bytes }) => bytes,
		isDroppable: ({ droppable }) => droppable,
		isMark: ({ id }) => id === mark,
	});
}

function item(id: number, bytes: number, droppable = true): Item {
	return { id, bytes, droppable };
}

function ids(queue: BoundedQueue<Item>): number[] {
	const taken: number[] = [];
	for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next.id);
	return taken;
}

test("an event that does not fit is refused and counted when the policy is refuse", () => {
	const queue = queueOf(10, "refuse");
	assert.is(queue.tryPush(item(1, 6)), "queued");
	assert.is(queue.tryPush(item(2, 5)), "refused");
	assert.is(queue.tryPush(item(3, 4)), "queued");
	assert.is(queue.bytes, 10);
	assert.is(queue.droppedCount, 1);
	assert.equal(ids(queue), [1, 3]);
});

test("the oldest droppable events make room, as few as needed, when the policy is drop_oldest", () => {
	const queue = queueOf(10, "drop_oldest");
	for (const [id, droppable] of [
		[1, false],
		[2, true],
		[3, true],
		[4, false],
		[5, true],
	] as const) {
		queue.tryPush(item(id, 2, droppable));
	}
	assert.is(queue.tryPush(item(6, 3)), "queued");
	assert.is(queue.droppedCount, 2);
	assert.is(queue.bytes, 9);
	assert.equal(ids(queue), [1, 4, 5, 6]);
});

test("the new event is dropped when the policy is drop_newest, or the newest droppable one if the new event may not be dropped", () => {
	const queue = queueOf(6, "drop_newest");
	for (const id of [1, 2, 3]) queue.tryPush(item(id, 2));
	assert.is(queue.tryPush(item(4, 2)), "dropped");
	assert.is(queue.tryPush(item(5, 2, false)), "queued");
	assert.is(queue.droppedCount, 2);
	assert.equal(ids(queue), [1, 2, 5]);
});

test("an event that does not fit is an overflow and changes nothing when the policy is fail", () => {
	const queue = queueOf(4, "fail");
	queue.tryPush(item(1, 4));
	assert.is(queue.tryPush(item(2, 1)), "overflow");
	assert.is(queue.droppedCount, 1);
	assert.equal(ids(queue), [1]);
});

test("an event that may not be dropped is refused when every queued event may not be dropped either", () => {
	for (const overflow of ["drop_oldest", "drop_newest"] as const) {
		const queue = queueOf(4, overflow);
		queue.tryPush(item(1, 4, false));
		assert.is(queue.tryPush(item(2, 1, false)), "refused");
		assert.is(queue.tryPush(item(3, 1)), "dropped");
		assert.is(queue.droppedCount, 2);
		assert.equal(ids(queue), [1]);
	}
});

test("an event larger than the queue is dropped without dropping another", () => {
	const queue = queueOf(4, "drop_oldest");
	queue.tryPush(item(1, 4));
	assert.is(queue.tryPush(item(2, 5)), "dropped");
	assert.equal(ids(queue), [1]);
});

test("the queue is writable when the last refused event would fit", () => {
	const queue = queueOf(10, "refuse");
	queue.tryPush(item(1, 4));
	queue.tryPush(item(2, 4));
	assert.is(queue.writable.isReady(), true);
	queue.tryPush(item(3, 5));
	assert.is(queue.writable.isReady(), false);
	let notified = 0;
	queue.writable.onReady(() => {
		notified += 1;
	});
	queue.take();
	assert.is(notified, 1);
	assert.is(queue.writable.isReady(), true);
	queue.tryPush(item(3, 5));
	queue.tryPush(item(4, 1));
	assert.is(queue.writable.isReady(), false);
	queue.discard();
	assert.is(queue.writable.isReady(), true);
});

test("`withdrawAfterMark` removes droppable events after the mark without counting them as dropped", () => {
	const queue = queueOf(100, "refuse", 2);
	queue.tryPush(item(1, 5));
	queue.tryPush(item(2, 5, false));
	queue.tryPush(item(3, 5));
	queue.tryPush(item(4, 5, false));
	queue.tryPush(item(5, 5));
	queue.withdrawAfterMark();
	assert.is(queue.bytes, 15);
	assert.is(queue.droppableBytes, 5);
	assert.is(queue.droppedCount, 0);
	assert.equal(ids(queue), [1, 2, 4]);
});

test("`withdrawAfterMark` removes every droppable event once the mark was taken", () => {
	const queue = queueOf(100, "refuse", 1);
	queue.tryPush(item(1, 5, false));
	for (const id of [2, 3]) queue.tryPush(item(id, 5));
	queue.tryPush(item(4, 5, false));
	assert.is(queue.take()?.id, 1);
	queue.withdrawAfterMark();
	assert.equal(ids(queue), [4]);
});

const OVERFLOWS: readonly Overflow[] = ["refuse", "drop_oldest", "drop_newest", "fail"];

test("a queue never exceeds its bound, accounts for every event, keeps the order and ends with the terminal event", () => {
	const step = fc.oneof(
		{ weight: 3, arbitrary: fc.record({ bytes: fc.integer({ min: 1, max: 30 }), droppable: fc.boolean() }) },
		{ weight: 2, arbitrary: fc.constant("take" as const) },
	);
	fc.assert(
		fc.property(
			fc.constantFrom(...OVERFLOWS),
			fc.integer({ min: 1, max: 60 }),
			fc.array(step, { maxLength: 80 }),
			(overflow, max, steps) => {
				const queue = queueOf(max, overflow);
				const out: Item[] = [];
				const undroppable: number[] = [];
				let pushed = 0;
				let mostBytes = 0;
				for (const next of steps) {
					if (next === "take") {
						const taken = queue.take();
						if (taken !== undefined) out.push(taken);
					} else {
						pushed += 1;
						const outcome = queue.tryPush(item(pushed, next.bytes, next.droppable));
						if (outcome === "queued" && !next.droppable) undroppable.push(pushed);
						if (overflow === "refuse") assert.ok(outcome === "queued" || outcome === "refused");
						if (overflow === "fail") assert.ok(outcome === "queued" || outcome === "overflow");
					}
					mostBytes = Math.max(mostBytes, queue.bytes);
				}
				queue.end(item(-1, 1000, false));
				for (let next = queue.take(); next !== undefined; next = queue.take()) out.push(next);
				assert.ok(mostBytes <= max, `${mostBytes} bytes in a queue of ${max}`);
				assert.is(out.at(-1)?.id, -1);
				const delivered = out.slice(0, -1).map(({ id }) => id);
				assert.equal(
					delivered,
					[...delivered].sort((a, b) => a - b),
				);
				assert.is(delivered.length + queue.droppedCount, pushed);
				for (const id of undroppable) assert.ok(delivered.includes(id), `${id} was queued and may not be dropped`);
				assert.is(queue.bytes, 0);
				assert.is(queue.droppableBytes, 0);
			},
		),
		{ numRuns: 300 },
	);
});

test.run();
