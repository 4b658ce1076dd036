import { checkContent, checkLease, checkName, checkSubmission } from "../run-bounds.ts";
import { agentOfRun } from "../run-id.ts";
import type {
	AgentPlaces,
	AttemptOutcome,
	LeaseState,
	ListOptions,
	RunChange,
	RunCounts,
	RunEvents,
	RunState,
	RunStatus,
	RunSubmission,
	RunToken,
	SharedRuns,
	SubmittedRun,
	TakenRun,
} from "../runs.ts";
import { MemoryAgentRuns } from "./memory-agent-runs.ts";

/** The queue of runs of a store in the process. */
export class MemoryRuns implements SharedRuns {
	readonly #now: () => number;
	readonly #agents = new Map<string, MemoryAgentRuns>();
	readonly #listeners = new Set<(change: RunChange) => void>();

	/** @param now Source of time, in milliseconds since 1970. */
	constructor(now: () => number) {
		this.#now = now;
	}

	async submit(run: RunSubmission): Promise<SubmittedRun> {
		checkSubmission(run);
		return this.#agent(run.agent).submit(run);
	}

	async take(worker: string, agents: readonly AgentPlaces[], most: number, leaseMs: number): Promise<readonly TakenRun[]> {
		checkName(worker, "worker");
		checkLease(leaseMs);
		const taken: TakenRun[] = [];
		for (const { agent, maxRunning, most: mostOfAgent } of agents) {
			const room = Math.min(most - taken.length, mostOfAgent);
			if (room > 0) taken.push(...this.#agent(agent).take(worker, maxRunning, room, leaseMs));
		}
		return taken;
	}

	async renew(attempts: readonly RunToken[], leaseMs: number): Promise<readonly LeaseState[]> {
		checkLease(leaseMs);
		return attempts.map((attempt) => this.#agentOf(attempt.id)?.renew(attempt, leaseMs) ?? "lost");
	}

	async append(attempt: RunToken, events: readonly Uint8Array[]): Promise<boolean> {
		for (const event of events) checkContent(event, "event");
		return this.#agentOf(attempt.id)?.append(attempt, events) ?? false;
	}

	async finish(attempt: RunToken, outcome: AttemptOutcome): Promise<RunState | undefined> {
		checkContent(outcome.content, "outcome");
		return this.#agentOf(attempt.id)?.finish(attempt, outcome);
	}

	async release(attempt: RunToken): Promise<void> {
		this.#agentOf(attempt.id)?.release(attempt);
	}

	async cancel(id: string): Promise<RunState | undefined> {
		return this.#agentOf(id)?.cancel(id);
	}

	async status(id: string): Promise<RunStatus | undefined> {
		return this.#agentOf(id)?.status(id);
	}

	async events(id: string, after: string, mostBytes: number): Promise<RunEvents | undefined> {
		return this.#agentOf(id)?.events(id, after, mostBytes);
	}

	async retry(id: string): Promise<boolean> {
		return this.#agentOf(id)?.retry(id) ?? false;
	}

	async list(agent: string, options: ListOptions): Promise<readonly RunStatus[]> {
		return this.#agents.get(agent)?.list(options) ?? [];
	}

	async counts(agents: readonly string[]): Promise<readonly RunCounts[]> {
		return agents.map((agent) => this.#agents.get(agent)?.counts() ?? { waiting: 0, running: 0, poisoned: 0, oldestMs: 0 });
	}

	onChange(listener: (change: RunChange) => void): () => void {
		// A function of its own, because a caller may pass the same listener twice.
		const own = (change: RunChange): void => listener(change);
		this.#listeners.add(own);
		return () => this.#listeners.delete(own);
	}

	#agentOf(id: string): MemoryAgentRuns | undefined {
		const agent = agentOfRun(id);
		return agent === undefined ? undefined : this.#agents.get(agent);
	}

	#agent(agent: string): MemoryAgentRuns {
		const existing = this.#agents.get(agent);
		if (existing !== undefined) return existing;
		const made = new MemoryAgentRuns(this.#now, (type, id) => {
			// After the call, as with a store that is elsewhere.
			queueMicrotask(() => {
				for (const listener of this.#listeners) listener({ type, id, agent });
			});
		});
		this.#agents.set(agent, made);
		return made;
	}
}
