/**
 * Measures the queue of runs on a real server: submissions, takes and outcomes with a short queue, and takes with 100,000 runs in the queue.
 */
import { connectedStore } from "../test/helpers/redis-store.ts";
import "./require-node.ts";
import { newRunId } from "../src/cluster/run-id.ts";
import { NO_REDIS, RedisServer } from "../test/helpers/redis-server.ts";

const GUESTS = 30;
/** Calls in flight. */
const CONCURRENT = 200;
const AGENT = "bench";

if (NO_REDIS !== undefined) throw new Error(NO_REDIS);
await using server = await RedisServer.start();
const store = await connectedStore(server.url, "bench", { timeoutMs: 5_000 });
const { runs } = store;

async function submit(count: number): Promise<void> {
	const start = performance.now();
	for (let first = 0; first < count; first += CONCURRENT)
		await Promise.all(Array.from({ length: Math.min(CONCURRENT, count - first) }, (_, index) => submitOne(first + index)));
	console.log(`submit: ${rate(count, start)} runs/s`);
}

async function submitOne(number: number): Promise<void> {
	await runs.submit({
		...{ id: newRunId(AGENT), agent: AGENT, guest: `guest ${number % GUESTS}`, weight: 1 + (number % 3), input: Buffer.alloc(200) },
		...{ priority: number % 10, delayMs: 0, maxAttempts: 3, keepMs: 60_000, maxPending: 1_000_000, maxEventBytes: 100_000 },
	});
}

/** Takes and finishes runs, `batch` with one call. */
async function work(count: number, batch: number): Promise<void> {
	const start = performance.now();
	let takeMs = 0;
	for (let done = 0; done < count; done += batch) {
		const before = performance.now();
		const taken = await runs.take("worker", [{ agent: AGENT, maxRunning: 1_000, most: batch }], batch, 60_000);
		takeMs += performance.now() - before;
		await Promise.all(taken.map((run) => runs.finish(run, { state: "completed", content: Buffer.alloc(200) })));
	}
	const [{ waiting } = { waiting: 0 }] = await runs.counts([AGENT]);
	const perTake = ((takeMs * batch) / count).toFixed(2);
	console.log(`take ${batch} and finish: ${rate(count, start)} runs/s, ${perTake} ms for a take; ${waiting} runs wait then`);
}

function rate(count: number, start: number): string {
	return ((count * 1_000) / (performance.now() - start)).toFixed(0);
}

await submit(10_000);
await work(10_000, 10);
await submit(100_000);
console.log(/used_memory_human:\S+/.exec(await server.command("INFO memory"))?.[0]);
for (const batch of [1, 10, 100]) await work(5_000, batch);
await store.close();
