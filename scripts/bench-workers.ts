/**
 * `node scripts/bench-workers.ts`: the cost of guests in workers, beside guests in the host's thread.
 *
 * Prints the time of a chat in alternating rounds, with a backend in the process that answers at once. A bare round trip between two threads
 * stands beside it: the machine's part of a chat in a worker. Prints the rate of a stream's chunks. Prints the time to start a thread, an
 * instance in a thread of the pool, and an instance in the thread of its guest.
 */
import "./require-node.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { defineBackend } from "../src/backend.ts";
import { buildGuest } from "../src/build/build-guest.ts";
import { GuestThread } from "../src/host/worker/guest-thread.ts";
import { type AgentInstance, createHost } from "../src/index.ts";

/** Asks for chats, or reads the chunks of one stream. */
const GUEST = `
import { complete, completeStream } from "spear:ai/cchat@0.1.0";
const request = { messages: [{ role: "user", content: [{ tag: "text", val: "hello" }] }], tools: [] };
export const run = (input) => {
	const [what, count] = input.split(" ");
	if (what === "chats") {
		for (let n = 0; n < Number(count); n += 1) complete(request, null);
		return count;
	}
	const stream = completeStream({ ...request, model: "m" }, null);
	let events = 0;
	for (;;) {
		const event = stream.next();
		if (event.tag === "completed" || event.tag === "failed") break;
		events += 1;
	}
	stream[Symbol.dispose]();
	return String(events);
};`;

const CHUNKS = 20_000;

/** Answers at once, in the process: what is measured is the way to the backend and back. */
const instant = defineBackend({
	name: "instant",
	create: () => ({
		operations: {
			chat_completions: {
				features: [],
				models: ["m"],
				async unary() {
					return {
						model: "m",
						message: { role: "assistant", content: [{ type: "text", text: "Hi." }], tool_calls: [] },
						finish_reason: "stop",
					};
				},
				async *stream() {
					for (let n = 0; n < CHUNKS; n += 1) yield { type: "text", text: "word " };
					yield {
						type: "completed",
						completed: { model: "m", message: { role: "assistant", content: [], tool_calls: [] }, finish_reason: "stop" },
					};
				},
			},
		},
	}),
});

const folder = mkdtempSync(join(tmpdir(), "spear-bench-"));
const entry = join(folder, "guest.js");
writeFileSync(entry, GUEST);
const { prepared } = await buildGuest({ entry, out: join(folder, "guest.wasm"), engine: "quickjs", world: "chat-agent" });
const host = await createHost({ kinds: [instant], config: { host: { log_level: "silent" }, backends: { up: { kind: "instant" } } } });

const CHATS = 20;
const ROUNDS = 400;

/** Rounds before the first that counts, in which V8 compiles what a chat uses, in both threads. */
const WARM_UP = 200;

/** Milliseconds of one chat in a run of many. */
async function chats(instance: AgentInstance): Promise<number> {
	const start = performance.now();
	await instance.run(`chats ${CHATS}`);
	return (performance.now() - start) / CHATS;
}

/** Time that each thread computes for a bare round trip, in milliseconds: about as long as each side of a chat. Meanwhile the other one sleeps. */
const WORK_MS = 0.05;

const compute = `const end = performance.now() + ${WORK_MS}; while (performance.now() < end);`;
const source = `import { parentPort } from "node:worker_threads"; parentPort.on("message", (message) => { ${compute} parentPort.postMessage(message); });`;
const echo = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));

/** Milliseconds of a bare round trip of a small object, without the time that both threads compute. */
async function roundTrips(): Promise<number> {
	const start = performance.now();
	for (let n = 0; n < CHATS; n += 1) {
		const end = performance.now() + WORK_MS;
		while (performance.now() < end);
		const answered = new Promise((resolve) => echo.once("message", resolve));
		echo.postMessage([{ type: "call", id: n }]);
		await answered;
	}
	return (performance.now() - start) / CHATS - 2 * WORK_MS;
}

function quantile(values: readonly number[], at: number): number {
	return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(at * values.length))] ?? 0;
}

function line(name: string, values: readonly number[], unit: string): void {
	console.log(
		`${name.padEnd(44)} min ${Math.min(...values).toFixed(3)}  median ${quantile(values, 0.5).toFixed(3)}  max ${Math.max(...values).toFixed(3)} ${unit}`,
	);
}

const agents = { shared: await host.load(prepared, { isolation: "shared" }), worker: await host.load(prepared, { isolation: "worker" }) };
const instances = { shared: await agents.shared.instantiate(), worker: await agents.worker.instantiate() };
const results = { bare: [] as number[], shared: [] as number[], worker: [] as number[] };
for (let round = -WARM_UP; round < ROUNDS; round += 1) {
	const times = { bare: await roundTrips(), shared: await chats(instances.shared), worker: await chats(instances.worker) };
	if (round < 0) continue;
	results.bare.push(times.bare);
	results.shared.push(times.shared);
	results.worker.push(times.worker);
}
await echo.terminate();

/** Differences of two rows, round by round. */
function minus(one: readonly number[], ...others: readonly (readonly number[])[]): number[] {
	return one.map((ms, round) => others.reduce((left, each) => left - (each[round] ?? 0), ms));
}

line("a bare round trip between two threads", results.bare, "ms");
line("chat, shared", results.shared, "ms");
line("chat, worker", results.worker, "ms");
line("chat, worker minus shared in the same round", minus(results.worker, results.shared), "ms");
line("the same, minus the bare round trip", minus(results.worker, results.shared, results.bare), "ms");

for (const place of ["shared", "worker"] as const) {
	const rates: number[] = [];
	for (let round = -1; round < 5; round += 1) {
		const start = performance.now();
		await instances[place].run("stream 0");
		if (round >= 0) rates.push(CHUNKS / ((performance.now() - start) / 1000));
	}
	line(`stream, ${place}`, rates, "chunks/s");
}

const starts = { thread: [] as number[], pool: [] as number[], again: [] as number[], shared: [] as number[] };
for (let round = 0; round < 7; round += 1) {
	let start = performance.now();
	const thread = new GuestThread(268_435_456);
	await thread.ready;
	starts.thread.push(performance.now() - start);
	await thread.terminate();
	// An agent of its own, so that its guest has used no thread yet.
	const fresh = await host.load(prepared, { isolation: "worker" });
	await new Promise((resolve) => setTimeout(resolve, 1_500));
	start = performance.now();
	await (await fresh.instantiate()).close();
	starts.pool.push(performance.now() - start);
	await new Promise((resolve) => setTimeout(resolve, 100));
	start = performance.now();
	await (await fresh.instantiate()).close();
	starts.again.push(performance.now() - start);
	start = performance.now();
	await (await agents.shared.instantiate()).close();
	starts.shared.push(performance.now() - start);
	await fresh.close();
}
line("thread, until it can take a guest", starts.thread, "ms");
line("instance, in a thread of the pool", starts.pool, "ms");
line("instance, in the thread of its guest", starts.again, "ms");
line("instance, in the host's thread", starts.shared, "ms");
await host.close();
rmSync(folder, { recursive: true, force: true });
