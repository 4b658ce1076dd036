/** Sequences whose items arrive in lists. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { batched, batchesOf } from "../../src/async/batched.ts";

/** Yields the lists, then fails if there is an error. Records how it ended. */
async function* source(
	lists: readonly (readonly number[])[],
	ended: string[] = [],
	error?: Error,
): AsyncGenerator<readonly number[], void, void> {
	try {
		yield* lists;
		if (error !== undefined) throw error;
	} finally {
		ended.push("ended");
	}
}

/** Returns the message that a promise is rejected with. */
async function messageOf(promise: Promise<unknown>): Promise<unknown> {
	try {
		return await promise;
	} catch (thrown) {
		return thrown instanceof Error ? thrown.message : thrown;
	}
}

test("items come one by one, in order, and empty lists cause none", async () => {
	assert.equal(await Array.fromAsync(batched(source([[], [1, 2], [], [3]]))), [1, 2, 3]);
	assert.equal(await Array.fromAsync(batched(source([]))), []);
});

test("the items before a failure come first, and the end after it", async () => {
	const items = batched(source([[1, 2]], [], new Error("cut")));
	assert.equal(
		[await items.next(), await items.next()],
		[
			{ done: false, value: 1 },
			{ done: false, value: 2 },
		],
	);
	assert.is(await messageOf(items.next()), "cut");
	assert.equal(await items.next(), { done: true, value: undefined });
});

test("calls that do not wait for each other get the items in order, and one of them a failure", async () => {
	const items = batched(source([[1, 2], [3]], [], new Error("cut")));
	const settled = await Promise.allSettled(Array.from({ length: 5 }, () => items.next()));
	assert.equal(
		settled.map((result) => (result.status === "rejected" ? "failed" : (result.value.value ?? "done"))),
		[1, 2, 3, "failed", "done"],
	);
});

test("a reader that leaves ends the source, and the items that have arrived are dropped", async () => {
	const ended: string[] = [];
	const items = batched(source([[1, 2], [3]], ended));
	for await (const item of items) if (item === 1) break;
	assert.equal(ended, ["ended"]);
	assert.equal(await items.next(), { done: true, value: undefined });
});

test("a list that arrives while the reader leaves is dropped", async () => {
	let arrive = (_: readonly number[]): void => {};
	const items = batched(
		(async function* () {
			yield await new Promise<readonly number[]>((resolve) => {
				arrive = resolve;
			});
		})(),
	);
	const first = items.next();
	const left = items.return();
	arrive([1, 2]);
	assert.equal(
		[await first, await left, await items.next()],
		[
			{ done: false, value: 1 },
			{ done: true, value: undefined },
			{ done: true, value: undefined },
		],
	);
});

test("an error that is thrown into the sequence ends the source and comes back", async () => {
	const ended: string[] = [];
	const items = batched(source([[1, 2]], ended));
	await items.next();
	assert.is(await messageOf(items.throw(new Error("stop"))), "stop");
	assert.equal(ended, ["ended"]);
});

test("a sequence is disposed of by ending its source", async () => {
	const ended: string[] = [];
	{
		await using items = batched(source([[1, 2]], ended));
		await items.next();
	}
	assert.equal(ended, ["ended"]);
});

test("lists pass unchanged through a function that reads lists, and single items become lists of one", async () => {
	assert.equal(await Array.fromAsync(batchesOf(batched(source([[1, 2], [3]])))), [[1, 2], [3]]);
	const single = async function* (): AsyncGenerator<number> {
		yield* [1, 2];
	};
	assert.equal(await Array.fromAsync(batchesOf(single())), [[1], [2]]);
});

test.run();
