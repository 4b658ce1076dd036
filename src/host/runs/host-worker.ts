import { RunWorker, type RunWorkerParts, type WorkCounts } from "../../cluster/work/run-worker.ts";
import type { WorkAgent, WorkAgents, WorkOptions, WorkPlace } from "../../cluster/work/work-agents.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Agent, RunOptions } from "../agent.ts";
import type { RunCaps } from "../serving.ts";

export interface WorkerOptions {
	/** Most runs in progress, 1 to 10,000. The default is `worker_runs` of `[runs]`. */
	readonly runs?: number;
	/** Most runs of each agent over all hosts, for agents that are given by name. The default is 100. */
	readonly maxRunning?: number;
	/** Time that runs in progress have to end at the stop, in milliseconds. The default is `drain_ms` of `[server]`. */
	readonly drainMs?: number;
}

/** Agents that may come, go and be full, such as those of a server. */
export interface WorkSource {
	/** Returns the agents that can run now. */
	available(): readonly WorkAgent[];
	/**
	 * Takes a place of an agent.
	 *
	 * @throws If the agent cannot run now. The run is handed back then.
	 */
	begin(agent: string): Promise<{ readonly agent: Agent; end(): void }>;
}

const MAX_RUNNING = 100;

interface HostWorkerParts {
	readonly name: string;
	readonly places: number;
	readonly drainMs: number;
	readonly onStop: (worker: HostWorker) => void;
}

/** A worker of a host: runs submitted runs. */
export class HostWorker {
	/** Name of the host among those that share the queue. */
	readonly name: string;
	/** Most runs in progress. */
	readonly places: number;
	readonly #worker: RunWorker;
	readonly #drainMs: number;
	readonly #onStop: (worker: HostWorker) => void;
	#stopping: Promise<number> | undefined;

	/** Made by `Host.work`. */
	constructor(worker: RunWorker, { name, places, drainMs, onStop }: HostWorkerParts) {
		this.#worker = worker;
		this.name = name;
		this.places = places;
		this.#drainMs = drainMs;
		this.#onStop = onStop;
		worker.start();
	}

	/** Number of runs in progress, with those whose result is being stored. */
	get running(): number {
		return this.#worker.running;
	}

	/** @internal Yields the agent of each run in progress. */
	agentsInProgress(): Iterable<string> {
		return this.#worker.agentsInProgress();
	}

	/** Attempts since the start, by their end. */
	get counts(): WorkCounts {
		return this.#worker.counts;
	}

	/**
	 * Stops in order: takes nothing new, hands back runs that have not started, and waits for the runs in progress. Runs that do not end in time are
	 * interrupted, and another worker runs them again while attempts are left. Safe to call twice.
	 *
	 * @param options `drainMs`: longest wait, in milliseconds. The default is that of the worker. 0 interrupts at once.
	 * @returns Number of runs that were interrupted.
	 */
	stop({ drainMs = this.#drainMs }: { readonly drainMs?: number } = {}): Promise<number> {
		this.#stopping ??= this.#worker.stop(drainMs).finally(() => this.#onStop(this));
		return this.#stopping;
	}
}

/** Parts of a host that its workers use. */
export interface WorkerContext extends Omit<RunWorkerParts, "agents" | "places"> {
	readonly workerRuns: number;
	readonly drainMs: number;
	/** Limits of a run of a guest. */
	readonly capsOf: (guest: string | undefined) => RunCaps;
	readonly onStop: (worker: HostWorker) => void;
}

/** Starts a worker. @throws SpearError `invalid_request` for options outside their ranges; as `ContentSeal.check`. */
export function startWorker(
	agents: Readonly<Record<string, Agent>> | WorkSource,
	options: WorkerOptions,
	context: WorkerContext,
): HostWorker {
	const { workerRuns, capsOf, onStop, ...parts } = context;
	const { runs: places = workerRuns, maxRunning = MAX_RUNNING, drainMs = context.drainMs } = options;
	if (!Number.isSafeInteger(places) || places < 1 || places > 10_000)
		throw new SpearError("invalid_request", "runs: it must be a whole number from 1 to 10000");
	parts.contents.check();
	const source = isSource(agents) ? agents : sourceOf(agents, maxRunning);
	const worker = new RunWorker({ ...parts, places, agents: workAgents(source, capsOf) });
	return new HostWorker(worker, { name: parts.worker, places, drainMs, onStop });
}

function isSource(agents: Readonly<Record<string, Agent>> | WorkSource): agents is WorkSource {
	return typeof agents.available === "function";
}

/** Returns a source of agents that are always there. */
function sourceOf(agents: Readonly<Record<string, Agent>>, maxRunning: number): WorkSource {
	const available = Object.keys(agents).map((name) => ({ name, maxRunning, free: maxRunning }));
	return {
		available: () => available,
		async begin(name) {
			const agent = agents[name];
			if (agent === undefined) throw new SpearError("invalid_request", `the worker has no agent ${name}`);
			return { agent, end() {} };
		},
	};
}

function workAgents(source: WorkSource, capsOf: WorkerContext["capsOf"]): WorkAgents {
	return {
		available: () => source.available(),
		async begin(name): Promise<WorkPlace> {
			const { agent, end } = await source.begin(name);
			return { run: (input, options) => agent.run(input, runOptionsOf(options, capsOf(agent.identity.name))), end };
		},
	};
}

/** Returns the options of a run, with the lower one of the run's limit and the host's. */
function runOptionsOf({ timeoutMs, cpuMs, ...rest }: WorkOptions, caps: RunCaps): RunOptions {
	const [timeout, cpu] = [lower(caps.timeoutMs, timeoutMs), lower(caps.cpuMs, cpuMs)];
	return { ...rest, ...(timeout === undefined ? {} : { timeoutMs: timeout }), ...(cpu === undefined ? {} : { cpuMs: cpu }) };
}

function lower(cap: number | undefined, wanted: number | undefined): number | undefined {
	return cap === undefined || wanted === undefined ? (wanted ?? cap) : Math.min(cap, wanted);
}
