import type { Config } from "../../generated/ir/config.ts";

/** Settings of the queue of runs. */
export interface RunsSettings {
	/** Most submitted runs that this host runs concurrently. */
	readonly workerRuns: number;
	readonly maxAttempts: number;
	readonly keepMs: number;
	/** Most runs of a guest and an agent that wait. */
	readonly maxPending: number;
	readonly maxEventBytes: number;
}

/** Runs of a worker that sets none. Guests mostly wait for models, and a place costs a few megabytes. */
const WORKER_RUNS = 16;

/** Returns `[runs]` with every default filled in. */
export function runsSettings({ runs = {}, host = {} }: Pick<Config, "runs" | "host">): RunsSettings {
	return {
		workerRuns: runs.worker_runs ?? Math.min(WORKER_RUNS, host.max_running ?? WORKER_RUNS),
		maxAttempts: runs.max_attempts ?? 3,
		keepMs: (runs.keep_s ?? 86_400) * 1_000,
		maxPending: runs.max_pending ?? 10_000,
		maxEventBytes: runs.max_event_bytes ?? 1_048_576,
	};
}
