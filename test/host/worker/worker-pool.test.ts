import { test } from "uvu";
import * as assert from "uvu/assert";
import { WorkerPool } from "../../../src/host/worker/worker-pool.ts";

const MEMORY = { maxMemoryBytes: 16 * 1024 * 1024 };

async function withPool(size: number, run: (pool: WorkerPool) => Promise<void>): Promise<void> {
	const pool = new WorkerPool({ size, ...MEMORY });
	try {
		await run(pool);
	} finally {
		await pool.close();
		assert.is(pool.size, 0);
	}
}

test("a thread that a guest has used serves that guest again, and no other", async () => {
	await withPool(1, async (pool) => {
		const first = await pool.acquire("a");
		pool.release(first, "a");
		const other = await pool.acquire("b");
		assert.is.not(other, first);
		pool.release(other, "b");
		// Only one used thread may wait, so that of `a` has been ended.
		assert.is(first.hasEnded, true);
		assert.is(await pool.acquire("b"), other);
	});
});

test("no thread is started before a guest needs one, and one waits ready afterwards", async () => {
	await withPool(1, async (pool) => {
		assert.is(pool.size, 0);
		pool.warm();
		assert.is(pool.size, 1);
		const thread = await pool.acquire("a");
		assert.is(pool.size, 1);
		await new Promise(setImmediate);
		await new Promise(setImmediate);
		assert.is(pool.size, 2);
		assert.is(thread.hasEnded, false);
	});
});

test("a pool of size 0 keeps no thread", async () => {
	await withPool(0, async (pool) => {
		const thread = await pool.acquire("a");
		pool.release(thread, "a");
		await thread.exited;
		assert.is(pool.size, 0);
	});
});

test("threads of a guest without agents are ended", async () => {
	await withPool(2, async (pool) => {
		const thread = await pool.acquire("a");
		pool.release(thread, "a");
		pool.forget("a");
		await thread.exited;
		assert.is.not(await pool.acquire("a"), thread);
	});
});

test("a thread that has ended by itself is not used again", async () => {
	await withPool(1, async (pool) => {
		const thread = await pool.acquire("a");
		pool.release(thread, "a");
		await thread.terminate();
		const next = await pool.acquire("a");
		assert.is.not(next, thread);
		assert.is(next.hasEnded, false);
	});
});

test.run();
