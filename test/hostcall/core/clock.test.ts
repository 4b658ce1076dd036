import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { coreCalls } from "../../helpers/core-calls.ts";
import { settled } from "../../helpers/fake-clock.ts";

test("times are those of the system, in milliseconds and seconds", () => {
	const { clock } = coreCalls();
	const before = Date.now();
	const ms = Number(clock.timeNowMs());
	const s = Number(clock.wallTimeS());
	const after = Date.now();
	assert.ok(before <= ms && ms <= after);
	assert.ok(Math.floor(before / 1000) <= s && s <= Math.floor(after / 1000));
});

test("random numbers have 64 bits, and differ", () => {
	const { clock } = coreCalls();
	const numbers = Array.from({ length: 1_000 }, () => BigInt.asUintN(64, clock.random()));
	assert.is(new Set(numbers).size, numbers.length);
	for (let bit = 0n; bit < 64n; bit += 1n) {
		const set = numbers.filter((number) => ((number >> bit) & 1n) === 1n).length;
		// 500 of 1,000, with a deviation of 16: nine of them.
		assert.ok(set > 350 && set < 650, `bit ${bit} is set in ${set} of 1,000`);
	}
});

test("a sleep lasts its time, and a negative one until the run ends", async () => {
	const { clock, scope } = coreCalls();
	let ended = 0;
	const sleep = async (ms: number): Promise<void> => {
		await clock.sleep(ms);
		ended += 1;
	};
	const short = sleep(20);
	const forEver = sleep(-1).catch((error: unknown) => error);
	await sleep(0);
	await scope.clock.advance(19);
	assert.is(ended, 1);
	await scope.clock.advance(1);
	await short;
	assert.is(ended, 2);
	await scope.clock.advance(2 ** 33);
	const reason = new SpearError("cancelled", "enough");
	scope.abort.abort(reason);
	assert.is(await forEver, reason);
	assert.is(scope.clock.pending, 0);
	await settled();
	assert.is(ended, 2);
});

test("each wait of no time gives the event loop a turn: a guest that waits in a loop gives way to all others", async () => {
	const { clock, poll } = coreCalls();
	const epoll = poll.create();
	let turns = 0;
	let isRunning = true;
	const count = (): void => {
		turns += 1;
		if (isRunning) setImmediate(count);
	};
	setImmediate(count);
	for (let waits = 0; waits < 10; waits += 1) {
		await clock.sleep(0);
		await poll.wait(epoll, 1, 0);
	}
	isRunning = false;
	assert.ok(turns >= 19, String(turns));
});

test.run();
