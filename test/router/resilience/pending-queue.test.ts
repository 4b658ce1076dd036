import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../src/router/instances/instance.ts";
import { PendingQueue, type PendingRequest } from "../../../src/router/resilience/pending-queue.ts";
import { FakeClock, settled } from "../../helpers/fake-clock.ts";
import { fakeInstance } from "../../helpers/instances.ts";

/** A queue whose pending requests share slots, which a test frees. */
class SharedSlots {
	readonly clock = new FakeClock();
	readonly queue: PendingQueue;
	/** Ends of requests in order: `a` for an acquired slot, `a?` for a timeout, `a!` for a rejection. */
	readonly ends: string[] = [];
	free = 0;

	constructor(capacity = 10) {
		this.queue = new PendingQueue(this.clock, capacity);
	}

	/** Adds a pending request. It waits until 100 ms unless the options say otherwise. */
	wait(name: string, more: Partial<PendingRequest<string>> = {}): void {
		const tryAcquire = (): string | undefined => {
			if (this.free === 0) return undefined;
			this.free -= 1;
			return name;
		};
		const nextAvailableAt = (): number => Number.POSITIVE_INFINITY;
		this.queue.wait({ tryAcquire, nextAvailableAt, waitUntil: 100, signal: new AbortController().signal, ...more }).then(
			(acquired) => this.ends.push(acquired ?? `${name}?`),
			() => this.ends.push(`${name}!`),
		);
	}

	/** Frees slots one after another. */
	async release(count = 1, instance?: Instance): Promise<void> {
		for (let i = 0; i < count; i++) {
			this.free += 1;
			this.queue.notify(instance);
		}
		await settled();
	}
}

test("a pending queue serves requests in the order of their arrival", async () => {
	const slots = new SharedSlots();
	for (const name of ["a", "b", "c"]) slots.wait(name);
	await slots.release();
	assert.equal(slots.ends, ["a"]);
	await slots.release(2);
	assert.equal({ ends: slots.ends, pending: slots.queue.size }, { ends: ["a", "b", "c"], pending: 0 });
});

test("a pending queue offers room to the next request when the first cannot acquire it", async () => {
	const slots = new SharedSlots();
	slots.wait("a", { tryAcquire: () => undefined });
	slots.wait("b");
	await slots.release();
	assert.equal({ ends: slots.ends, pending: slots.queue.size }, { ends: ["b"], pending: 1 });
});

test("a pending queue asks only requests that can use the instance with room", async () => {
	const slots = new SharedSlots();
	const [x, y] = [fakeInstance("x"), fakeInstance("y")];
	slots.wait("for x", { canUse: (instance) => instance === x });
	slots.wait("for y", { canUse: (instance) => instance === y });
	await slots.release(1, y);
	assert.equal(slots.ends, ["for y"]);
});

test("a pending queue tries at most 64 acquisitions per notification", async () => {
	const slots = new SharedSlots();
	let tries = 0;
	const tryAcquire = (): undefined => {
		tries += 1;
	};
	for (let i = 0; i < 100; i++) slots.wait(`w${i}`, { tryAcquire });
	assert.equal({ taken: slots.queue.notify(), tries }, { taken: false, tries: 64 });
});

test("a pending queue does not count requests that cannot use the instance among the 64 that it tries", async () => {
	const slots = new SharedSlots();
	const [x, y] = [fakeInstance("x"), fakeInstance("y")];
	for (let i = 0; i < 100; i++) slots.wait(`for x ${i}`, { canUse: (instance) => instance === x });
	slots.wait("for y", { canUse: (instance) => instance === y });
	await slots.release(1, y);
	assert.equal(slots.ends, ["for y"]);
});

test("a pending request ends without a result when its time is over", async () => {
	const slots = new SharedSlots();
	slots.wait("a");
	await slots.clock.advance(99);
	assert.equal(slots.ends, []);
	await slots.clock.advance(1);
	assert.equal({ ends: slots.ends, pending: slots.queue.size, timers: slots.clock.pending }, { ends: ["a?"], pending: 0, timers: 0 });
});

test("a pending request leaves room to the next one when its signal is aborted", async () => {
	const slots = new SharedSlots();
	const abort = new AbortController();
	slots.wait("a", { signal: abort.signal });
	slots.wait("b");
	abort.abort();
	await slots.release();
	assert.equal({ ends: slots.ends, pending: slots.queue.size }, { ends: ["a!", "b"], pending: 0 });
});

test("a pending request is rejected at once when its signal was aborted before", async () => {
	const slots = new SharedSlots();
	slots.wait("a", { signal: AbortSignal.abort() });
	await settled();
	assert.equal({ ends: slots.ends, pending: slots.queue.size, timers: slots.clock.pending }, { ends: ["a!"], pending: 0, timers: 0 });
});

test("a pending request tries again without a notification at the time at which an instance may be available", async () => {
	const slots = new SharedSlots();
	slots.clock.after(40, () => {
		slots.free += 1;
	});
	slots.wait("a", { nextAvailableAt: () => 40 });
	await slots.clock.advance(39);
	assert.equal(slots.ends, []);
	await slots.clock.advance(1);
	assert.equal(slots.ends, ["a"]);
});

test("a pending request waits at least a millisecond between two tries of its own", async () => {
	const slots = new SharedSlots();
	let tries = 0;
	const tryAcquire = (): undefined => {
		tries += 1;
	};
	slots.wait("a", { tryAcquire, nextAvailableAt: () => 0 });
	await slots.clock.advance(20);
	assert.is(tries, 21);
});

test("a pending queue is full when as many requests wait as it may hold", () => {
	const slots = new SharedSlots(2);
	slots.wait("a");
	assert.is(slots.queue.hasRoomFor(""), true);
	slots.wait("b");
	assert.is(slots.queue.hasRoomFor(""), false);
});

test("a pending queue keeps its requests when it is resized to hold fewer", () => {
	const slots = new SharedSlots(2);
	slots.wait("a");
	slots.wait("b");
	slots.queue.resize(1);
	assert.equal({ pending: slots.queue.size, room: slots.queue.hasRoomFor("") }, { pending: 2, room: false });
	slots.queue.resize(3);
	assert.is(slots.queue.hasRoomFor(""), true);
});

test("guests with pending requests take turns, and each is served in its order", async () => {
	const slots = new SharedSlots();
	for (const name of ["a1", "a2", "a3"]) slots.wait(name, { guest: "a" });
	for (const name of ["b1", "b2"]) slots.wait(name, { guest: "b" });
	await slots.release(5);
	assert.equal(slots.ends, ["a1", "b1", "a2", "b2", "a3"]);
});

test("a guest displaces the last request of the guest that fills the queue", async () => {
	const slots = new SharedSlots(4);
	for (const name of ["a1", "a2", "a3", "a4"]) slots.wait(name, { guest: "a" });
	assert.equal([slots.queue.hasRoomFor("a"), slots.queue.hasRoomFor("b")], [false, true]);
	slots.wait("b1", { guest: "b" });
	slots.wait("b2", { guest: "b" });
	await settled();
	assert.equal(
		{ ends: slots.ends, pending: slots.queue.size, room: slots.queue.hasRoomFor("b") },
		{ ends: ["a4?", "a3?"], pending: 4, room: false },
	);
	await slots.release(4);
	assert.equal(slots.ends, ["a4?", "a3?", "a1", "b1", "a2", "b2"]);
});

test.run();
