import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { type Agent, createHost, type Host, SpearError } from "../../src/index.ts";
import { endlessGuest } from "../../test/helpers/endless-guest.ts";
import { HeldChats, threadCpuMs } from "./held-chats.ts";
import { blockText, watchLoop } from "./loop-watch.ts";
import type { Row } from "./table.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

const MB = 2 ** 20;
/** Time after which idle connections have closed. */
const IDLE_MS = 6_000;
const SPINNERS = 100;
const SPIN_MS = 5_000;
/** Guests whose answers are measured while others spin. */
const MEASURED = 100;
const ALLOCATORS = 20;
const MAX_MEMORY = 32 * MB;
/** Room of the guests that allocate, beside that of the guests that wait. Half of what they want. */
const ROOM = (ALLOCATORS / 2) * MAX_MEMORY;
/** Memory of one guest that waits, as the host counts it. */
const WAITING = 3 * MB;

/** Runs many guests in this process. Returns a row for each goal. */
export async function many(count: number): Promise<Row[]> {
	const upstream = new Worker(new URL("./slow-upstream.ts", import.meta.url));
	const port = await new Promise<number>((resolve) => upstream.once("message", resolve));
	// Latencies are measured with an upstream in this thread: its CPU time is a clock that other processes do not disturb.
	const near = new HeldChats();
	const nearPort = await near.listen();
	const total = count * WAITING + ROOM;
	const host = await createHost({
		config: {
			host: {
				log_level: "error",
				max_running: count,
				max_pending_runs: count,
				max_memory_bytes: MAX_MEMORY,
				max_total_memory_bytes: total,
			},
			backends: {
				up: { kind: "openai-compatible", base_url: `http://127.0.0.1:${port}/v1`, models: ["far"] },
				near: { kind: "openai-compatible", base_url: `http://127.0.0.1:${nearPort}/v1`, models: ["near"] },
			},
		},
		env: {},
	});
	const rows: Row[] = [];
	try {
		const agent = await host.load((await endlessGuest()).prepared);
		await waitingGuests(agent, 100, upstream);
		const before = await settledRss();
		rows.push(...(await waiting(agent, count, upstream, before)));
		rows.push(...(await spinning(agent, count, upstream, near)));
		rows.push(...(await allocating(host, agent)));
		await agent.close();
		const after = await settledRss();
		rows.push({
			name: "memory of the process after all have closed",
			goal: "<= 1.2 of before",
			figure: `${(after / before).toFixed(2)} (${mb(before)} -> ${mb(after)})`,
		});
	} finally {
		await host.close();
		upstream.postMessage("stop");
		near.close();
	}
	return rows;
}

/** Time from an answer of the upstream to the end of the run, in milliseconds: by the clock, and as CPU time of this thread. */
interface Lateness {
	readonly wallMs: number;
	readonly cpuMs: number;
}

interface Started {
	/** Resolves when each guest has sent its request. */
	readonly allWait: Promise<void>;
	readonly lateness: Promise<Lateness[]>;
}

function start(agent: Agent, count: number, job = "ask far"): Started {
	const { promise: allWait, resolve } = Promise.withResolvers<void>();
	let asked = 0;
	const onEvent = ({ type }: { readonly type: string }): void => {
		if (type !== "request") return;
		asked += 1;
		if (asked === count) resolve();
	};
	const runs = Array.from({ length: count }, async () => {
		const [wallMs = 0, cpuMs = 0] = (await agent.run(job, { onEvent })).split(" ").map(Number);
		return { wallMs: performance.timeOrigin + performance.now() - wallMs, cpuMs: threadCpuMs() - cpuMs };
	});
	return { allWait, lateness: Promise.all(runs) };
}

async function waitingGuests(agent: Agent, count: number, upstream: Worker): Promise<Lateness[]> {
	const { allWait, lateness } = start(agent, count);
	await allWait;
	await new Promise((resolve) => setTimeout(resolve, 500));
	upstream.postMessage("release");
	return lateness;
}

async function waiting(agent: Agent, count: number, upstream: Worker, before: number): Promise<Row[]> {
	const unwatch = watchLoop();
	const cpu = process.threadCpuUsage();
	const begin = performance.now();
	const { allWait, lateness } = start(agent, count);
	await allWait;
	const ms = performance.now() - begin;
	const used = process.threadCpuUsage(cpu);
	const block = unwatch();
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	const rss = process.memoryUsage.rss();
	upstream.postMessage("release");
	await lateness;
	const cpuMs = (used.user + used.system) / 1000;
	return [
		{
			name: `${count} guests started, each waits for its upstream`,
			goal: "<= 3 s",
			figure: `${(ms / 1000).toFixed(2)} s (CPU of the thread ${(cpuMs / 1000).toFixed(2)} s)`,
		},
		{ name: "longest block of the event loop meanwhile", goal: "<= 50 ms", figure: blockText(block) },
		{
			name: "memory of the process while they wait",
			goal: "<= 900 MB",
			figure: `${mb(rss)} (${((rss - before) / MB / count).toFixed(2)} MB a guest)`,
		},
	];
}

async function spinning(agent: Agent, count: number, upstream: Worker, near: HeldChats): Promise<Row[]> {
	const rest = start(agent, count - SPINNERS - MEASURED);
	await rest.allWait;
	const alone = await nearAnswers(agent, near);
	const others = start(agent, MEASURED, "ask near");
	await others.allWait;
	const begin = performance.now();
	const ends = Array.from({ length: SPINNERS }, async () => {
		const thrown = await agent.run("compute", { timeoutMs: SPIN_MS }).catch((error: unknown) => error);
		return thrown instanceof SpearError && thrown.code === "timeout" ? performance.now() - begin : Number.NaN;
	});
	// All spin then.
	await new Promise((resolve) => setTimeout(resolve, SPIN_MS / 4));
	const unwatch = watchLoop();
	near.release();
	const late = await others.lateness;
	const took = performance.now() - begin;
	const ended = (await Promise.all(ends)).filter((ms) => !Number.isNaN(ms));
	const block = unwatch();
	upstream.postMessage("release");
	await rest.lateness;
	return [
		{ name: "lateness of answers, p50 and p99", goal: "", figure: percentiles(alone) },
		{
			name: `the same while ${SPINNERS} others spin`,
			goal: "<= 20 ms later",
			figure: `${percentiles(late)}${took > SPIN_MS ? "; some came after the others had ended" : ""}`,
		},
		{
			name: "guests that spin, stopped at their deadline",
			goal: `${SPINNERS}`,
			figure: `${ended.length}, the last ${(Math.max(0, ...ended) / 1000).toFixed(2)} s after the first began, of ${SPIN_MS / 1000} s`,
		},
		{ name: "longest block of the event loop meanwhile", goal: "<= 50 ms", figure: blockText(block) },
	];
}

async function nearAnswers(agent: Agent, near: HeldChats): Promise<Lateness[]> {
	const { allWait, lateness } = start(agent, MEASURED, "ask near");
	await allWait;
	await new Promise((resolve) => setTimeout(resolve, 300));
	near.release();
	return lateness;
}

async function allocating(host: Host, agent: Agent): Promise<Row[]> {
	const { limit } = host.memory();
	const instances = await Promise.all(Array.from({ length: ALLOCATORS }, () => agent.instantiate()));
	// The others take the rest of the memory of the host.
	let most = 0;
	const timer = setInterval(() => {
		most = Math.max(most, host.memory().used);
	}, 1);
	const runs = instances.map((instance) => instance.run("allocate").catch(() => {}));
	await Promise.all(runs);
	clearInterval(timer);
	await Promise.all(instances.map((instance) => instance.close()));
	return [{ name: `memory that ${ALLOCATORS} guests hold which allocate to their cap`, goal: `<= ${mb(limit)}`, figure: mb(most) }];
}

function percentiles(values: readonly Lateness[]): string {
	const text = (of: (value: Lateness) => number): string => {
		const sorted = values.map(of).sort((a, b) => a - b);
		const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
		return `${at(0.5).toFixed(1)}, ${at(0.99).toFixed(1)} ms`;
	};
	return `${text(({ wallMs }) => wallMs)} (CPU ${text(({ cpuMs }) => cpuMs)})`;
}

/** Returns the memory of the process without garbage, and without connections that are kept for further requests. */
async function settledRss(): Promise<number> {
	await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
	for (let index = 0; index < 6; index += 1) {
		if (typeof collect === "function") collect();
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return process.memoryUsage.rss();
}

function mb(bytes: number): string {
	return `${(bytes / MB).toFixed(0)} MB`;
}
