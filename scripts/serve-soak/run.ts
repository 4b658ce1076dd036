import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { Load } from "./load.ts";
import type { MemorySample } from "./memory-samples.ts";
import type { Ended } from "./request.ts";
import { SoakServer } from "./server.ts";
import { Upstream } from "./upstreams.ts";

export interface SoakOptions {
	/** Program of the command line. */
	readonly program: string;
	/** Directory for the configuration and the log. */
	readonly work: string;
	readonly clients: number;
	/** Time of the load, in seconds: a third with healthy backends, one with a dead and a slow one, one in which they have recovered. */
	readonly seconds: number;
	/** Average time between an answer and the next request of a client, in milliseconds. */
	readonly thinkMs: number;
	/** Called at the begin of each part. */
	readonly onPhase?: (phase: string) => void;
}

/** Results of a run. */
export interface SoakReport {
	/** Requests through the server and straight to an upstream, by the phase in which they ended. */
	readonly phases: Readonly<Record<Phase, { readonly served: readonly Ended[]; readonly direct: readonly Ended[] }>>;
	/** Names of the backend that was killed, and of the one that was slow. */
	readonly killed: string;
	readonly slow: string;
	readonly memory: readonly MemorySample[];
	/** Open files and sockets of the server before the load, and some seconds after it. */
	readonly handles: { readonly before: number; readonly after: number };
	/** Requests at the router some seconds after the load. */
	readonly inFlightAfter: number;
	readonly stop: StopReport;
}

/** Results of a SIGTERM under load. */
export interface StopReport {
	/** Requests that ended after the signal. */
	readonly ended: readonly Ended[];
	/** Tokens that arrived at upstreams: the server had started their requests. */
	readonly begun: ReadonlySet<string>;
	/** Code of the error of a new connection while requests still ran. `undefined` if it was accepted. */
	readonly connectError: string | undefined;
	readonly exitCode: number | null;
}

/** `collection` has the requests that ended while the server collected its garbage for a sample of its memory: their times are the test's doing. */
export type Phase = "warm-up" | "healthy" | "disturbed" | "recovered" | "collection";

const SLOW_MS = 1_500;

/** Time to the first output of all backends at SIGTERM, in milliseconds. Most clients have a request in flight then. */
const SLOW_AT_STOP_MS = 500;

/** Longest wait for connections to upstreams that idle, in milliseconds. */
const IDLE_MS = 20_000;

/** Part of the clients that send straight to an upstream. */
const DIRECT_PART = 0.05;

/** Runs the load and the disturbances. The order is fixed; nothing in the report depends on the speed of the machine but times. */
export async function soak({ program, work, clients, seconds, thinkMs, onPhase = () => {} }: SoakOptions): Promise<SoakReport> {
	const upstreams = [await Upstream.start("steady"), await Upstream.start("killed"), await Upstream.start("slow")] as const;
	const [steady, killed, slow] = upstreams;
	const server = await SoakServer.start(program, work, upstreams);
	const pools = server.keys.map(() => new Pool(server.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 }));
	const directPool = new Pool(steady.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
	try {
		await server.memory();
		const before = server.handles();
		const targets = Array.from({ length: clients }, (_, index) => {
			const at = index % server.keys.length;
			return { pool: pools[at] ?? directPool, key: server.keys[at] ?? "" };
		});
		const served = new Load(targets, thinkMs);
		const directTargets = Array.from({ length: Math.ceil(clients * DIRECT_PART) }, () => ({ pool: directPool, key: "" }));
		const direct = new Load(directTargets, thinkMs);
		const memory: MemorySample[] = [];
		const meanwhile: { readonly served: Ended[]; readonly direct: Ended[] } = { served: [], direct: [] };
		const startedAt = performance.now();
		const part = async (phase: Exclude<Phase, "collection">, ms: number): Promise<SoakReport["phases"][Phase]> => {
			onPhase(phase);
			await sleep(ms);
			const ended = { served: served.take(), direct: direct.take() };
			memory.push({ minute: (performance.now() - startedAt) / 60_000, ...(await server.memory()) });
			meanwhile.served.push(...served.take());
			meanwhile.direct.push(...direct.take());
			return ended;
		};
		served.start();
		direct.start();
		const third = (seconds * 1_000) / 3;
		const warmUp = await part("warm-up", third / 2);
		const healthy = await part("healthy", third / 2);
		await killed.kill();
		slow.slow(SLOW_MS);
		const disturbed = await part("disturbed", third);
		await killed.restart();
		slow.slow(5);
		const recovered = await part("recovered", third);
		await Promise.all([served.stop(), direct.stop()]);
		const phases = {
			"warm-up": warmUp,
			healthy,
			disturbed,
			collection: meanwhile,
			recovered: { served: [...recovered.served, ...served.take()], direct: [...recovered.direct, ...direct.take()] },
		};
		onPhase("idle");
		await Promise.all([...pools, directPool].map((pool) => pool.close()));
		const until = performance.now() + IDLE_MS;
		while (server.handles() > before && performance.now() < until) await sleep(200);
		const handles = { before, after: server.handles() };
		const inFlightAfter = await server.inFlight();
		onPhase("stop");
		const stop = await stopUnderLoad(server, upstreams, clients);
		return { phases, killed: killed.name, slow: slow.name, memory, handles, inFlightAfter, stop };
	} finally {
		await Promise.all(pools.map((pool) => pool.destroy()));
		await directPool.destroy();
		await server.process.stop();
		for (const upstream of upstreams) upstream.stop();
	}
}

/** Sends SIGTERM while every client has a request in flight or sends one. */
async function stopUnderLoad(server: SoakServer, upstreams: readonly Upstream[], clients: number): Promise<StopReport> {
	for (const upstream of upstreams) upstream.slow(SLOW_AT_STOP_MS);
	const pools = server.keys.map(() => new Pool(server.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 }));
	const targets = Array.from({ length: clients }, (_, index) => {
		const at = index % server.keys.length;
		return { pool: pools[at] ?? new Pool(server.origin), key: server.keys[at] ?? "" };
	});
	const load = new Load(targets, 20);
	load.start();
	while (load.ended.length < clients) await sleep(10);
	await sleep(SLOW_AT_STOP_MS / 2);
	load.take();
	server.process.signal("SIGTERM");
	await sleep(SLOW_AT_STOP_MS / 4);
	const connectError = await connectErrorOf(server.origin);
	await load.stop();
	const exitCode = await server.process.exit();
	const begun = new Set((await Promise.all(upstreams.map((upstream) => upstream.seen()))).flat());
	await Promise.all(pools.map((pool) => pool.destroy()));
	return { ended: load.take(), begun, connectError, exitCode };
}

function connectErrorOf(origin: string): Promise<string | undefined> {
	const { hostname, port } = new URL(origin);
	return new Promise((resolve) => {
		const socket = connect(Number(port), hostname);
		socket.once("connect", () => {
			socket.destroy();
			resolve(undefined);
		});
		socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
	});
}
