import { batchesOf } from "../../collections/batches.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import type { Random } from "../../time/random.ts";
import type { RunContents } from "../run-contents/run-contents.ts";
import type { AgentPlaces, LeaseState, RunChange, SharedRuns, TakenRun } from "../runs.ts";
import { Attempt, type AttemptContext, type AttemptEnd } from "./attempt.ts";
import { mayPass } from "./until-stored.ts";
import type { WorkAgents } from "./work-agents.ts";

/** Time after which others take over the runs of a worker that has not renewed them, in milliseconds. */
const LEASE_MS = 6_000;

/** Time between two renewals, in milliseconds. Two may fail before a lease ends. */
const RENEW_MS = 2_000;

/** Most leases of one call. */
const RENEWED_AT_ONCE = 256;

/** Time between two questions for runs, in milliseconds, if no notification comes. Delayed runs and those of dead workers are found so. */
const POLL_MS = 1_000;

/** Time for which an agent that could not begin takes no run, in milliseconds. */
const REST_MS = 1_000;

/** Longest time that the outcomes of interrupted runs have to be stored, in milliseconds. */
const LAST_WRITES_MS = 2_000;

export interface RunWorkerParts {
	readonly runs: SharedRuns;
	readonly contents: RunContents;
	readonly agents: WorkAgents;
	/** Name of the host. */
	readonly worker: string;
	/** Most runs in progress. */
	readonly places: number;
	readonly clock: Clock;
	readonly random: Random;
	readonly logger: Logger;
}

/** Attempts of a worker since its start, by their end. */
export type WorkCounts = Readonly<Record<AttemptEnd, number>>;

/**
 * Takes runs from the queue, and runs them on this host. Renews the leases of the runs in progress; if the store cannot be reached, they go on, and
 * their outcomes wait in memory in the places of the runs. A worker that was frozen for longer than its leases learns so at the next renewal, and
 * ends the runs that others have taken.
 */
export class RunWorker {
	readonly #parts: RunWorkerParts;
	readonly #context: AttemptContext;
	readonly #attempts = new Map<string, Attempt>();
	/** Agents that could not begin, with the time until which they rest. */
	readonly #resting = new Map<string, number>();
	readonly #abandon = new AbortController();
	readonly #counts: Record<AttemptEnd, number> = { completed: 0, failed: 0, retried: 0, cancelled: 0, lost: 0, released: 0 };
	#isStopped = true;
	#taking: Promise<void> | undefined;
	/** True if something has happened since the begin of the present `take`. */
	#isAskedAgain = false;
	#cancelPoll = (): void => {};
	#cancelRenewal = (): void => {};
	#unlisten = (): void => {};
	#isStoreFaulty = false;
	#round = 0;

	constructor(parts: RunWorkerParts) {
		this.#parts = parts;
		const { runs, contents, agents, clock, random, logger } = parts;
		this.#context = {
			runs,
			contents,
			agents,
			clock,
			random,
			logger,
			abandoned: this.#abandon.signal,
			onUnavailable: (agent, thrown) => this.#rest(agent, thrown),
		};
	}

	/** Number of runs in progress, with those whose outcome is being stored. */
	get running(): number {
		return this.#attempts.size;
	}

	/** Yields the agent of each run in progress. */
	*agentsInProgress(): Generator<string, void, void> {
		for (const { run } of this.#attempts.values()) yield run.agent;
	}

	get counts(): WorkCounts {
		return { ...this.#counts };
	}

	/** Begins to take runs. */
	start(): void {
		this.#isStopped = false;
		this.#unlisten = this.#parts.runs.onChange((change) => this.#changed(change));
		this.#renewLater();
		this.#ask();
	}

	/**
	 * Stops in order: takes nothing new, hands back what has not started, and waits for the runs in progress. Runs that have not ended in time are
	 * interrupted, and queued again while attempts are left.
	 *
	 * @param drainMs Longest wait, in milliseconds.
	 * @returns Number of runs that were interrupted.
	 */
	async stop(drainMs: number): Promise<number> {
		this.#isStopped = true;
		this.#unlisten();
		this.#cancelPoll();
		await this.#within(drainMs, async () => {
			await this.#taking;
			for (const attempt of this.#attempts.values()) if (!attempt.hasBegun) attempt.stop("stopped");
			await this.#allEnded();
		});
		const interrupted = this.#attempts.size;
		for (const attempt of this.#attempts.values()) attempt.stop("stopped");
		await this.#within(LAST_WRITES_MS, () => this.#allEnded());
		this.#abandon.abort();
		await this.#within(LAST_WRITES_MS, () => this.#allEnded());
		this.#cancelRenewal();
		return interrupted;
	}

	async #allEnded(): Promise<void> {
		await Promise.all([...this.#attempts.values()].map(({ ended }) => ended));
	}

	/** Resolves at the end of the work, or after a time. */
	async #within(ms: number, work: () => Promise<void>): Promise<void> {
		const { promise: late, resolve } = Promise.withResolvers<void>();
		const cancel = this.#parts.clock.after(ms, resolve);
		await Promise.race([work(), late]);
		cancel();
	}

	#changed({ type, id }: RunChange): void {
		if (type === "queued") this.#ask();
		else if (type === "cancelled") this.#attempts.get(id)?.stop("cancelled");
	}

	/** Takes runs now, or right after the call in flight. */
	#ask(): void {
		this.#isAskedAgain = true;
		if (this.#isStopped || this.#taking !== undefined) return;
		this.#cancelPoll();
		this.#taking = this.#takeAll().finally(() => {
			this.#taking = undefined;
			if (this.#isStopped) return;
			const { clock, random } = this.#parts;
			this.#cancelPoll = clock.after(POLL_MS * (0.75 + 0.5 * random()), () => this.#ask());
		});
	}

	async #takeAll(): Promise<void> {
		while (this.#isAskedAgain && !this.#isStopped) {
			this.#isAskedAgain = false;
			const free = this.#parts.places - this.#attempts.size;
			const agents = this.#places(free);
			if (free <= 0 || agents.length === 0) return;
			const taken = await this.#take(agents, free);
			for (const run of taken) this.#begin(run);
			if (taken.length > 0) this.#isAskedAgain = true;
		}
	}

	async #take(agents: readonly AgentPlaces[], most: number): Promise<readonly TakenRun[]> {
		const { runs, worker, logger } = this.#parts;
		try {
			const taken = await runs.take(worker, agents, most, LEASE_MS);
			if (this.#isStoreFaulty) logger.info({}, "the worker takes runs again");
			this.#isStoreFaulty = false;
			return taken;
		} catch (thrown) {
			const fields = mayPass(thrown) ? {} : { err: thrown };
			const reason = thrown instanceof Error ? thrown.message : String(thrown);
			if (!this.#isStoreFaulty) logger.warn(fields, `the worker takes no runs until the shared store is in order: ${reason}`);
			this.#isStoreFaulty = true;
			return [];
		}
	}

	#places(free: number): AgentPlaces[] {
		const now = this.#parts.clock.now();
		for (const [agent, until] of this.#resting) if (until <= now) this.#resting.delete(agent);
		const places = this.#parts.agents
			.available()
			.filter(({ name, free: own }) => own > 0 && !this.#resting.has(name))
			.map(({ name, maxRunning, free: own }) => ({ agent: name, maxRunning, most: Math.min(own, free) }));
		// The store asks agents in their order. Another first one each time gives all of them the same chance.
		this.#round += 1;
		const first = places.length === 0 ? 0 : this.#round % places.length;
		return [...places.slice(first), ...places.slice(0, first)];
	}

	#begin(run: TakenRun): void {
		const attempt = new Attempt(run, this.#context);
		this.#attempts.set(run.id, attempt);
		if (this.#isStopped) attempt.stop("stopped");
		void attempt.ended.then((end) => {
			this.#attempts.delete(run.id);
			this.#counts[end] += 1;
			this.#ask();
		});
	}

	#rest(agent: string, thrown: unknown): void {
		const { clock, logger } = this.#parts;
		this.#resting.set(agent, clock.now() + REST_MS);
		const reason = thrown instanceof Error ? thrown.message : String(thrown);
		logger.warn({ agent }, `a run of ${agent} was handed back, because the agent cannot run here now: ${reason}`);
	}

	#renewLater(): void {
		this.#cancelRenewal = this.#parts.clock.after(RENEW_MS, () => {
			void this.#renewAll().finally(() => {
				if (!this.#abandon.signal.aborted) this.#renewLater();
			});
		});
	}

	async #renewAll(): Promise<void> {
		for (const batch of batchesOf([...this.#attempts.values()], RENEWED_AT_ONCE)) await this.#renew(batch);
	}

	async #renew(attempts: readonly Attempt[]): Promise<void> {
		let states: readonly LeaseState[];
		try {
			states = await this.#parts.runs.renew(
				attempts.map(({ run }) => run),
				LEASE_MS,
			);
		} catch {
			// The connection logs its failures. Leases are renewed when the store returns, unless others have taken the runs over.
			return;
		}
		for (const [index, attempt] of attempts.entries()) {
			const state = states[index];
			if (state === "lost" || state === "cancelled") attempt.stop(state);
		}
	}
}
