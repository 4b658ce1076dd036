import type { RunOutput } from "../../hostcall/emitted.ts";

/** The agents that a worker runs. */
export interface WorkAgents {
	/** Returns the agents that can run now. */
	available(): readonly WorkAgent[];
	/**
	 * Takes a place of an agent.
	 *
	 * @throws If the agent cannot run now. The run is handed back then.
	 */
	begin(agent: string): Promise<WorkPlace>;
}

export interface WorkAgent {
	readonly name: string;
	/** Most runs over all hosts. */
	readonly maxRunning: number;
	/** Runs that this host can start now. */
	readonly free: number;
}

/** A place of a run. */
export interface WorkPlace {
	/** Starts the agent. The output is discarded until its loop begins. */
	run(input: string, options: WorkOptions): Execution;
	/** Frees the place. */
	end(): void;
}

export interface WorkOptions {
	readonly runId: string;
	readonly signal: AbortSignal;
	/** Called when the guest starts. A run that has not started can be handed back. */
	readonly onStart: () => void;
	/** Longest duration, in milliseconds. Absent: the host's. A longer one than the host's has no effect. */
	readonly timeoutMs?: number;
	/** Longest CPU time, in milliseconds, as `timeoutMs`. */
	readonly cpuMs?: number;
	readonly traceparent?: string;
}

/** A run in progress: the promise of its answer, and its output. */
export type Execution = Promise<string> & AsyncIterable<RunOutput> & { readonly cpuMs: number };
