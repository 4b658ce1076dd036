import type { Config } from "../../generated/ir/config.ts";

/** Settings of the queue of runs. */
export interface RunsSettings {
	/** Most submitted runs that this host runs concurrently. Absent: 16, or the live instances of the host if those are fewer. */
	readonly workerRuns: number | undefined;
	readonly maxAttempts: number;
	readonly keepMs: number;
	/** Most runs of a guest and an agent that wait. */
	readonly maxPending: number;
	readonly maxEventBytes: number;
}

/** Returns `[runs]` with every default filled in. */
export function runsSettings({ runs = {} }: Pick<Config, "runs">): RunsSettings {
	return {
		workerRuns: runs.worker_runs,
		maxAttempts: runs.max_attempts ?? 3,
		keepMs: (runs.keep_s ?? 86_400) * 1_000,
		maxPending: runs.max_pending ?? 10_000,
		maxEventBytes: runs.max_event_bytes ?? 1_048_576,
	};
}
