import { type ChildProcess, fork } from "node:child_process";
import process from "node:process";
import { type Agent, createHost, SpearError } from "../../src/index.ts";
import { endlessGuest } from "../../test/helpers/endless-guest.ts";
import { allocating } from "./allocating.ts";
import { watchCollections } from "./collections.ts";
import { HeldChats, threadCpuMs } from "./held-chats.ts";
import { blockText, watchLoop } from "./loop-watch.ts";
import { mb, ratioText, settledMemory } from "./process-memory.ts";
import type { Row } from "./table.ts";

const MB = 2 ** 20;
const SPINNERS = 100;
const SPIN_MS = 5_000;
/** Guests whose answers are measured while others spin. */
const MEASURED = 100;
const MAX_MEMORY = 32 * MB;
/** Memory of one guest that waits, as the host counts it, and room for the starts of the others. */
const WAITING = 3 * MB;

/** Runs many guests in this process. Returns a row for each goal. */
export async function many(count: number): Promise<Row[]> {
	const upstream = fork(new URL("./slow-upstream.ts", import.meta.url), { execArgv: [] });
	const port = await new Promise<number>((resolve) => upstream.once("message", (message) => resolve(Number(message))));
	// Latencies are measured with an upstream in this thread: its CPU time is a clock that other processes do not disturb.
	const near = new HeldChats();
	const nearPort = await near.listen();
	const host = await createHost({
		config: {
			host: {
				log_level: "error",
				max_running: count,
				max_pending_runs: count,
				max_memory_bytes: MAX_MEMORY,
				max_total_memory_bytes: count * WAITING,
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
		const before = await settledMemory();
		rows.push(...(await waiting(agent, count, upstream, before.used)));
		const first = await settledMemory();
		await waitingGuests(agent, count, upstream);
		const second = await settledMemory();
		rows.push(...(await spinning(agent, count, upstream, near)));
		rows.push(...(await allocating()));
		await agent.close();
		const after = await settledMemory();
		rows.push(
			{
				name: "memory of the process after all have closed",
				goal: "<= 1.2 of before",
				figure: `${ratioText(before.used, after.used)}, V8's heap ${ratioText(before.heap, after.heap)}; malloc keeps free memory of the first guests`,
			},
			{ name: `the same after ${count} guests, and ${count} more`, goal: "<= 1.1", figure: ratioText(first.used, second.used) },
			{ name: "free pages that V8's heap keeps beside that until the process is idle", goal: "", figure: mb(after.kept) },
		);
	} finally {
		await host.close();
		upstream.disconnect();
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

async function waitingGuests(agent: Agent, count: number, upstream: ChildProcess): Promise<Lateness[]> {
	const { allWait, lateness } = start(agent, count);
	await allWait;
	await new Promise((resolve) => setTimeout(resolve, 500));
	upstream.send("release");
	return lateness;
}

async function waiting(agent: Agent, count: number, upstream: ChildProcess, before: number): Promise<Row[]> {
	const unwatch = watchLoop();
	const endCount = watchCollections();
	const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()];
	const begin = performance.now();
	const { allWait, lateness } = start(agent, count);
	await allWait;
	const ms = performance.now() - begin;
	const cpu = `CPU of the thread ${seconds(process.threadCpuUsage(thread))}, of the process ${seconds(process.cpuUsage(all))}`;
	const { major, pausedMs } = endCount();
	const block = unwatch();
	await new Promise((resolve) => setTimeout(resolve, 1_000));
	const rss = process.memoryUsage.rss();
	upstream.send("release");
	await lateness;
	return [
		{
			name: `${count} guests started, each waits for its upstream`,
			goal: "<= 3 s",
			figure: `${(ms / 1000).toFixed(2)} s (${cpu})`,
		},
		{
			name: "collections of the whole heap of V8 meanwhile",
			goal: "",
			figure: `${major}, in which the thread paused ${pausedMs.toFixed(0)} ms; V8 begins one for each 64 MB of linear memory`,
		},
		{ name: "longest block of the event loop meanwhile", goal: "<= 50 ms", figure: blockText(block) },
		{
			name: "memory of the process while they wait",
			goal: "<= 900 MB",
			figure: `${mb(rss)} (${((rss - before) / MB / count).toFixed(2)} MB a guest)`,
		},
	];
}

async function spinning(agent: Agent, count: number, upstream: ChildProcess, near: HeldChats): Promise<Row[]> {
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
	upstream.send("release");
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

function seconds({ user, system }: NodeJS.CpuUsage): string {
	return `${((user + system) / 1e6).toFixed(2)} s`;
}

function percentiles(values: readonly Lateness[]): string {
	const text = (of: (value: Lateness) => number): string => {
		const sorted = values.map(of).sort((a, b) => a - b);
		const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
		return `${at(0.5).toFixed(1)}, ${at(0.99).toFixed(1)} ms`;
	};
	return `${text(({ wallMs }) => wallMs)} (CPU ${text(({ cpuMs }) => cpuMs)})`;
}
