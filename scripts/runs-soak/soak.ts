import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, createHost } from "../../src/index.ts";
import { createServer } from "../../src/serve.ts";
import { seededRandom } from "../../src/time/random.ts";
import { assemble } from "../../test/helpers/guest.ts";
import { RedisServer } from "../../test/helpers/redis-server.ts";
import { followedRun, type SeenRun } from "./followed-run.ts";
import { spellingComponent } from "./guest.ts";
import { WorkerProcess } from "./worker-process.ts";

export interface SoakOptions {
	/** Path of the command. */
	readonly program: string;
	/** Directory for files. */
	readonly work: string;
	readonly runs: number;
	readonly workers: number;
	/** Places of each worker. */
	readonly places: number;
	/** Clients that follow a run at the same time. */
	readonly clients: number;
	/** Time between two kills, in milliseconds. */
	readonly killEveryMs: number;
	readonly pauseMs: number;
	readonly seed: number;
	readonly onProgress?: (done: number, kills: number) => void;
}

export interface SoakReport {
	readonly seen: readonly SeenRun[];
	readonly seconds: number;
	readonly kills: number;
	/** Times from the last event of an attempt whose worker was killed to the beginning of the next attempt, in milliseconds, as clients see them. */
	readonly takeoverMs: readonly number[];
	/** Runs in the store at the end. */
	readonly left: { readonly waiting: number; readonly running: number; readonly poisoned: number };
	/** Exit codes of the workers at the stop in order. */
	readonly exitCodes: readonly (number | null)[];
}

/** Runs submitted runs over workers that are killed in turn, and clients that reconnect at random to two servers. */
export async function soakRuns(options: SoakOptions): Promise<SoakReport> {
	const { program, work, runs, clients, killEveryMs, places } = options;
	await using redis = await RedisServer.start();
	const component = join(work, "spell.wasm");
	await writeFile(component, await assemble(spellingComponent(options.pauseMs)));
	const config = join(work, "spear.toml");
	await writeFile(
		config,
		`[agents.spell]\ncomponent = ${JSON.stringify(component)}\nmax_running = 1000\n[cluster]\nurl = "${redis.url}"\ncontent = "plain"\n[backends.stub]\nkind = "stub"\n`,
	);
	const fronts = await Promise.all([front(component, redis.url), front(component, redis.url)]);
	const workers = Array.from({ length: options.workers }, () => new WorkerProcess(program, config, places));
	await Promise.all(workers.map((worker) => worker.start()));
	const now = (): number => performance.now();
	let kills = 0;
	const startedAt = now();
	const ended = new AbortController();
	const killing = killInTurn(
		workers,
		killEveryMs,
		() => {
			kills += 1;
		},
		ended.signal,
	);
	const seen: SeenRun[] = [];
	const urls = fronts.map(({ url }) => url);
	let next = 0;
	await Promise.all(
		Array.from({ length: clients }, async () => {
			while (next < runs) {
				next += 1;
				seen.push(await followedRun(urls, seededRandom(options.seed + next), now));
				options.onProgress?.(seen.length, kills);
			}
		}),
	);
	const seconds = (now() - startedAt) / 1_000;
	ended.abort();
	await killing;
	const exitCodes = await Promise.all(workers.map((worker) => worker.stop()));
	const left = await fronts[0]?.host.runs.counts(["spell"]);
	for (const { close } of fronts) await close();
	const takeoverMs = seen.flatMap((run) => run.takeoverMs);
	const { waiting = -1, running = -1, poisoned = -1 } = left?.[0] ?? {};
	return { seen, seconds, kills, takeoverMs, left: { waiting, running, poisoned }, exitCodes };
}

/** Kills one worker after the other, and starts each again. A worker that has not started yet is passed over. */
async function killInTurn(workers: readonly WorkerProcess[], everyMs: number, onKill: () => void, signal: AbortSignal): Promise<void> {
	const starting = new Map<WorkerProcess, Promise<unknown>>();
	for (let index = 0; ; index = (index + 1) % workers.length) {
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, everyMs);
			signal.addEventListener(
				"abort",
				() => {
					clearTimeout(timer);
					resolve();
				},
				{ once: true },
			);
		});
		if (signal.aborted) break;
		const worker = workers[index];
		if (worker === undefined || starting.has(worker)) continue;
		onKill();
		await worker.kill();
		starting.set(
			worker,
			worker.start().finally(() => starting.delete(worker)),
		);
	}
	await Promise.all(starting.values());
}

/** A server that accepts runs and shows them, and runs none. */
async function front(component: string, url: string) {
	const config: Config = {
		host: { log_level: "error" },
		server: { access_log: false },
		backends: { stub: { kind: "stub" } },
		agents: { spell: { component } },
		cluster: { url, content: "plain" },
	};
	const host = await createHost({ config });
	const server = createServer(host, { worker: false });
	const at = await server.listen({ port: 0 });
	const close = async (): Promise<void> => {
		await server.close({ drainMs: 0 });
		await host.close();
	};
	return { host, url: at.url, close };
}
