/**
 * `npm run bench:router`: measures the cost of a decision of the router, and of the layers above it per call.
 *
 * 1. For each policy, with 10 to 10,000 suitable instances and as many unsuitable ones: time and allocated bytes of a decision. A decision
 *    resolves the route, picks an instance, and takes and releases a lease. The growth is meaningful; absolute times of a shared machine are not.
 * 2. In turns within one run, with an upstream in a worker that answers at once: a chat by undici alone, by Node's fetch, and through
 *    normalize, router and backend. The same with a backend in this process shows the cost of the layers themselves.
 *
 *     npm run bench:router -- [--json]
 */
import "./require-node.ts";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { Pool } from "undici";
import type { Policy } from "../generated/ir/types.ts";
import { openaiCompatible } from "../src/backends/kinds/openai-compatible/index.ts";
import { routerSettings } from "../src/config/router-settings.ts";
import { createPipeline } from "../src/hostcall/pipeline.ts";
import type { Call, Pipeline } from "../src/hostcall/scope.ts";
import { NO_GUEST } from "../src/identity/guest-identity.ts";
import { PartSeal } from "../src/normalize/part-seal.ts";
import { Lease } from "../src/router/execution/lease.ts";
import { buildInstance } from "../src/router/instances/build-instance.ts";
import type { Instance } from "../src/router/instances/instance.ts";
import { KeyPool } from "../src/router/instances/keys/key-pool.ts";
import { InstanceStats } from "../src/router/instances/stats/instance-stats.ts";
import { MemoryLimitStore } from "../src/router/limits/memory-limit-store.ts";
import { PickContext } from "../src/router/load-balancing/pick-context.ts";
import { POLICIES } from "../src/router/load-balancing/policies/create-picker.ts";
import { ActiveGuests } from "../src/router/resilience/guests/active-guests.ts";
import { RouteTable } from "../src/router/route-table.ts";
import { Router } from "../src/router/router.ts";
import { systemClock } from "../src/time/clock.ts";
import { seededRandom } from "../src/time/random.ts";
import { benchInstances, benchRequest } from "./bench-instances.ts";

/** No instance is left out, as for the first attempt of a request. */
const NONE: ReadonlySet<Instance> = new Set();
const SIZES = [10, 100, 1_000, 10_000] as const;
const DECISIONS = 20_000;
const ROUNDS = 7;
const CALLS = 300;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");
const random = seededRandom(1);
const settings = routerSettings();

/** Returns a function that makes decisions one after another. Up to 32 leases are held, as under load. */
function decider(policy: Policy, instances: readonly Instance[]): (count: number) => void {
	const routes = new Map([["chat_completions", { policy }]] as const);
	const table = new RouteTable({ instances, routes, guests: new Map(), settings }, { random, recoveryEpoch: { value: 0 } });
	const requests = Array.from({ length: 64 }, (_, index) => benchRequest(index));
	const held: Lease[] = [];
	const state = { clock: systemClock, guests: new ActiveGuests() };
	const owner = { onRecovery() {}, onRelease() {} };
	return (count) => {
		for (let i = 0; i < count; i++) {
			const request = requests[i % requests.length];
			if (request === undefined) throw new Error("no request");
			const { candidates } = table.resolve(request, NO_GUEST);
			const context = new PickContext(request.operation, request.request_id, random);
			context.begin(systemClock.now(), NONE);
			const instance = candidates.pick(context);
			const key = instance?.keys.pick(context.now);
			if (instance === undefined || key === undefined) throw new Error("no instance");
			held.push(new Lease(instance, key, candidates.subject, NO_GUEST.id, state, owner));
			if (held.length > 32) held.shift()?.release({ type: "succeeded" });
		}
	};
}

/** Returns the median time of a decision over all rounds, in microseconds. */
function timeOf(decide: (count: number) => void): number {
	decide(DECISIONS);
	return median(
		Array.from({ length: ROUNDS }, () => {
			const started = performance.now();
			decide(DECISIONS);
			return ((performance.now() - started) * 1_000) / DECISIONS;
		}),
	);
}

/** Returns the bytes that a decision allocates: the growth of the heap over so few decisions that no collection happens. */
function bytesOf(decide: (count: number) => void): number {
	const growths: number[] = [];
	for (let round = 0; round < 9; round++) {
		collect();
		const before = process.memoryUsage().heapUsed;
		decide(500);
		growths.push((process.memoryUsage().heapUsed - before) / 500);
	}
	return median(growths.filter((growth) => growth > 0));
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const CALL: Call<"chat_completions"> = {
	operation: "chat_completions",
	payload: {
		model: "m",
		messages: [{ role: "user", content: [{ type: "text", text: "Why is the sky blue?" }], tool_calls: [] }],
		tools: [],
	},
	options: undefined,
};

function pipelineOf(instances: readonly Instance[]): Pipeline {
	const router = new Router({
		instances,
		routes: new Map(),
		guests: new Map(),
		settings,
		clock: systemClock,
		random: Math.random,
		wallClock: Date.now,
		store: new MemoryLimitStore(systemClock),
	});
	const refuse = (): never => {
		throw new Error("the benchmark has no media");
	};
	let id = 0;
	return createPipeline({
		router,
		guest: NO_GUEST,
		normalize: { newRequestId: () => `r${++id}`, wallClock: Date.now, maxTimeoutMs: () => 60_000, seal: new PartSeal(undefined) },
		openMedia: () => ({ admit: refuse, seconds: refuse, open: refuse, store: refuse, end() {} }),
		onEvent: () => {},
	});
}

function upstreamInstance(port: number): Instance {
	const config = { name: "up", kind: "openai-compatible", base_url: `http://127.0.0.1:${port}/v1`, models: ["m"], options: {} };
	const { breaker, ejection, slowStartMs } = settings;
	return buildInstance(openaiCompatible.create(config), {
		name: "up",
		kind: "openai-compatible",
		models: [{ name: "m", operations: undefined }],
		operations: undefined,
		features: undefined,
		transports: undefined,
		weight: 1,
		priority: 0,
		region: undefined,
		limits: {},
		operationLimits: new Map(),
		price: undefined,
		keys: new KeyPool({ sources: [], policy: "round_robin", random }),
		stats: new InstanceStats({ breaker, intervalMs: ejection.intervalMs, slowStartMs }, random),
	});
}

/** Returns the median time of a call over all rounds, in microseconds, for each of the four ways. */
async function calls(): Promise<Record<string, number>> {
	const worker = new Worker(new URL("./bench-upstream.ts", import.meta.url));
	const port = await new Promise<number>((resolve) => worker.once("message", resolve));
	const pool = new Pool(`http://127.0.0.1:${port}`);
	const upstream = upstreamInstance(port);
	const never = new AbortController().signal;
	const [withUpstream, inProcess] = [pipelineOf([upstream]), pipelineOf(benchInstances(10, random))];
	const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Why is the sky blue?" }] });
	const headers = { "content-type": "application/json" };
	const ways: Readonly<Record<string, () => Promise<unknown>>> = {
		undici: async () => (await pool.request({ method: "POST", path: "/v1/chat/completions", headers, body })).body.json(),
		fetch: async () => (await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: "POST", headers, body })).json(),
		"normalize, router, backend": () => withUpstream.unary(CALL, never),
		"normalize and router alone": () => inProcess.unary(CALL, never),
	};
	const times: Record<string, number[]> = {};
	for (let round = 0; round <= ROUNDS; round++) {
		for (const [name, call] of Object.entries(ways)) {
			const started = performance.now();
			for (let i = 0; i < CALLS; i++) await call();
			if (round === 0) continue; // Warm-up.
			times[name] = [...(times[name] ?? []), ((performance.now() - started) * 1_000) / CALLS];
		}
	}
	await upstream.backend.close();
	await pool.close();
	worker.postMessage("stop");
	return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

const json = process.argv.includes("--json");
const decisions: { policy: Policy; instances: number; microseconds: number; bytes: number }[] = [];
for (const policy of POLICIES) {
	for (const size of SIZES) {
		const decide = decider(policy, benchInstances(size, random));
		decisions.push({ policy, instances: size, microseconds: timeOf(decide), bytes: bytesOf(decide) });
	}
}
const perCall = await calls();
if (json) console.log(JSON.stringify({ decisions, calls: perCall }));
else {
	console.log(`decisions: median of ${ROUNDS} rounds of ${DECISIONS}; microseconds (bytes allocated)\n`);
	console.log(`policy                ${SIZES.map((size) => `${size}`.padStart(16)).join("")}   growth`);
	for (const policy of POLICIES) {
		const rows = decisions.filter((row) => row.policy === policy);
		const cells = rows.map(({ microseconds, bytes }) => `${microseconds.toFixed(2)} (${Math.round(bytes)})`.padStart(16)).join("");
		const growth = (rows.at(-1)?.microseconds ?? 0) / (rows[0]?.microseconds ?? 1);
		console.log(`${policy.padEnd(22)}${cells}   ${growth.toFixed(1)}`);
	}
	console.log(`\nchat calls: median of ${ROUNDS} rounds of ${CALLS}, in turns; microseconds, and ratio to fetch\n`);
	for (const [name, microseconds] of Object.entries(perCall)) {
		console.log(`${name.padEnd(30)}${microseconds.toFixed(0).padStart(8)}${(microseconds / (perCall.fetch ?? 1)).toFixed(2).padStart(8)}`);
	}
}
