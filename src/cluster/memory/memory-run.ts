import type { RunState, RunStatus, RunSubmission } from "../runs.ts";
import type { EventLog } from "./event-log.ts";

/** A run of a store in the process. */
export interface MemoryRun {
	readonly submission: RunSubmission;
	readonly submittedAtMs: number;
	/** Place in the order of submissions. */
	readonly sequence: number;
	readonly log: EventLog;
	state: RunState;
	attempt: number;
	deadlineAtMs?: number | undefined;
	/** Token of the last attempt. Absent if another attempt may begin and the last one may write no more. */
	token?: string | undefined;
	worker?: string | undefined;
	startedAtMs?: number | undefined;
	endedAtMs?: number | undefined;
	outcome?: Uint8Array | undefined;
	cancelRequested: boolean;
}

/** Returns a run as callers see it. */
export function statusOf(run: MemoryRun, withOutcome: boolean): RunStatus {
	const { submission, state, attempt, submittedAtMs, startedAtMs, endedAtMs, worker, outcome, cancelRequested } = run;
	const { id, agent, guest, maxAttempts, priority } = submission;
	return {
		...{ id, agent, guest, state, attempt, maxAttempts, priority, submittedAtMs, cancelRequested },
		...(startedAtMs === undefined ? {} : { startedAtMs }),
		...(endedAtMs === undefined ? {} : { endedAtMs }),
		...(worker === undefined ? {} : { worker }),
		...(withOutcome && outcome !== undefined ? { outcome } : {}),
	};
}
