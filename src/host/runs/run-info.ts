import { endOfRun, hasEnded } from "../../cluster/follow/end-of-run.ts";
import type { RunContents } from "../../cluster/run-contents/run-contents.ts";
import type { RunState, RunStatus } from "../../cluster/runs.ts";
import type { GuestError } from "../../errors/guest-error.ts";
import type { SpearError } from "../../errors/spear-error.ts";

/** State of a submitted run. Times are those of the store, in milliseconds since 1970. */
export interface RunInfo {
	readonly id: string;
	readonly agent: string;
	/** Guest that submitted the run. Absent for the embedder itself. */
	readonly guest?: string;
	readonly state: RunState;
	/** Attempts that have started. */
	readonly attempt: number;
	readonly maxAttempts: number;
	readonly priority: number;
	readonly submittedAtMs: number;
	/** Start of the last attempt. Absent before the first. */
	readonly startedAtMs?: number;
	readonly endedAtMs?: number;
	/** Name of the host with the present attempt. */
	readonly worker?: string;
	/** True if the run was cancelled, and its worker has not ended it yet. */
	readonly cancelRequested: boolean;
}

/** State of a submitted run, with the result of a run that has ended. */
export interface RunDetails extends RunInfo {
	/** Answer of the agent. Only of a completed run. */
	readonly answer?: string;
	/** Reason for which the run ended otherwise. */
	readonly error?: SpearError | GuestError;
	/** Duration of the last attempt that has ended, in milliseconds. */
	readonly durationMs?: number;
	/** CPU time of that attempt, in milliseconds. */
	readonly cpuMs?: number;
}

/** Guest names that stand for the embedder. */
export function infoOf(status: RunStatus, embedder: string): RunInfo {
	const { outcome: _, guest, ...rest } = status;
	return { ...rest, ...(guest === embedder ? {} : { guest }) };
}

/** @throws StoreError `invalid_value` for a result that no host of this configuration has stored. */
export function detailsOf(status: RunStatus, embedder: string, contents: RunContents): RunDetails {
	const info = infoOf(status, embedder);
	const { id, state, outcome } = status;
	if (!hasEnded(state)) return info;
	const result = outcome === undefined ? undefined : contents.openResult(id, outcome);
	const measured = result === undefined ? {} : { durationMs: result.durationMs, cpuMs: result.cpuMs };
	return { ...info, ...endOfRun(state, result), ...measured };
}
