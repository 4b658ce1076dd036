/** Order of requests at one engine: guests take turns, none holds all places. */
import { setImmediate } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GuestPlaces } from "../../../../src/backends/kit/engine/guest-places.ts";
import { RequestQueue } from "../../../../src/backends/kit/engine/request-queue.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";

const never = new AbortController().signal;

/** Enters, and notes when the request starts or why it does not. */
async function enter(queue: RequestQueue, guest: string, log: string[], signal = never): Promise<() => void> {
	try {
		const leave = await queue.enter(signal, guest);
		log.push(guest);
		return leave;
	} catch (thrown) {
		const { code, attribution, message } = SpearError.from(thrown);
		log.push(`${guest}: ${code} ${attribution}`, message);
		return () => {};
	}
}

test("guests take turns, whatever the number of requests of each", async () => {
	const queue = new RequestQueue(8);
	const log: string[] = [];
	const order = ["first", "many", "many", "many", "few", "other"].map((guest) => enter(queue, guest, log));
	for (const entered of [0, 1, 4, 5, 2, 3]) (await order[entered])?.();
	await queue.idle;
	assert.equal(log, ["first", "many", "few", "other", "many", "many"]);
});

test("a guest holds no more running requests than it leaves free", async () => {
	const queue = new RequestQueue(8, 4);
	const log: string[] = [];
	const many = [1, 2, 3].map(() => enter(queue, "many", log));
	const few = enter(queue, "few", log);
	await setImmediate();
	assert.equal(log, ["many", "many", "few"]);
	(await few)();
	await setImmediate();
	assert.is(log.length, 3, "two of four places are held");
	(await many[0])?.();
	await setImmediate();
	assert.equal(log.slice(3), ["many"]);
});

test("a full queue has room for a guest with fewer waiting requests, and the other guest's last one is refused", async () => {
	const queue = new RequestQueue(2);
	const log: string[] = [];
	const leave = await enter(queue, "many", log);
	const waiting = ["many", "many", "many", "few"].map((guest) => enter(queue, guest, log));
	await setImmediate();
	assert.equal(log, [
		"many",
		"many: rate_limited request",
		"the model is busy, and 2 further requests wait for it; try again later",
		"many: rate_limited request",
		"the model is busy, and a request of another guest has the last place of those that wait; try again later",
	]);
	leave();
	(await waiting[3])?.();
	await waiting[0];
	assert.equal(log.slice(5), ["few", "many"]);
});

test("the queue is idle once the last request has left, and not between two requests", async () => {
	const queue = new RequestQueue(2);
	const log: string[] = [];
	const first = await enter(queue, "a", log);
	const second = enter(queue, "b", log);
	void queue.idle.then(() => log.push("idle"));
	first();
	first();
	await setImmediate();
	assert.equal([log, queue.isBusy], [["a", "b"], true]);
	(await second)();
	await setImmediate();
	assert.equal([log, queue.isBusy], [["a", "b", "idle"], false]);
});

test("an aborted request leaves the queue at once", async () => {
	const queue = new RequestQueue(1);
	const log: string[] = [];
	const leave = await enter(queue, "a", log);
	const abort = new AbortController();
	const aborted = enter(queue, "a", log, abort.signal);
	abort.abort(new SpearError("timeout", "the deadline has passed"));
	await aborted;
	const next = enter(queue, "a", log);
	leave();
	await next;
	assert.equal(log, ["a", "a: timeout backend", "the deadline has passed", "a"]);
});

test("each guest in turn finds a place of those that one guest leaves free", () => {
	const places = new GuestPlaces(16);
	const taken = ["a", "b", "c", "d", "e"].map((guest) => {
		let count = 0;
		for (; places.hasRoom(guest); count++) places.add(guest);
		return count;
	});
	assert.equal(taken, [8, 4, 2, 1, 1]);
	places.remove("a");
	assert.equal([places.hasRoom("a"), places.hasRoom("f"), places.count], [false, true, 15]);
});

test.run();
