import type { RunDetails, RunInfo } from "../../host/runs/run-info.ts";
import { jsonOf } from "../agents/agent-run.ts";
import { httpFailure } from "../http-error.ts";

/** A submitted run, as the client receives it. Times are those of the store, in milliseconds since 1970. */
export interface RunBody {
	readonly id: string;
	readonly agent: string;
	readonly state: RunInfo["state"];
	/** Attempts that have started. */
	readonly attempt: number;
	readonly max_attempts: number;
	readonly priority: number;
	readonly submitted_at_ms: number;
	readonly started_at_ms?: number;
	readonly ended_at_ms?: number;
	/** True while a cancelled run has not ended yet. */
	readonly cancel_requested?: boolean;
	/** Answer of a completed run: the guest's text, or the JSON value of the text if the request asks for JSON. */
	readonly output?: unknown;
	/** Reason for which the run has ended otherwise. */
	readonly error?: { readonly code: string; readonly message: string; readonly retryable: boolean };
	readonly cpu_ms?: number;
	readonly duration_ms?: number;
	readonly status_url: string;
	readonly events_url: string;
}

/** Form of `output`. */
export type OutputFormat = "text" | "json";

/** @throws HttpError 502 for an answer that is no JSON, if the request asks for JSON. */
export function runBody(run: RunDetails, format: OutputFormat = "text"): RunBody {
	const { id, agent, state, attempt, maxAttempts, priority, submittedAtMs, startedAtMs, endedAtMs, cancelRequested } = run;
	const { answer, error, cpuMs, durationMs } = run;
	return {
		...{ id, agent, state, attempt, max_attempts: maxAttempts, priority, submitted_at_ms: submittedAtMs },
		...(startedAtMs === undefined ? {} : { started_at_ms: startedAtMs }),
		...(endedAtMs === undefined ? {} : { ended_at_ms: endedAtMs }),
		...(cancelRequested && endedAtMs === undefined ? { cancel_requested: true } : {}),
		...(answer === undefined ? {} : { output: format === "json" ? jsonOf(answer) : answer }),
		...(error === undefined ? {} : { error: failureBody(error) }),
		...(cpuMs === undefined ? {} : { cpu_ms: rounded(cpuMs) }),
		...(durationMs === undefined ? {} : { duration_ms: rounded(durationMs) }),
		...runUrls(agent, id),
	};
}

/** Returns the paths of a run below the server. */
export function runUrls(agent: string, id: string): Pick<RunBody, "status_url" | "events_url"> {
	const path = `/agents/${encodeURIComponent(agent)}/runs/${encodeURIComponent(id)}`;
	return { status_url: path, events_url: `${path}/events` };
}

export function failureBody(thrown: unknown): NonNullable<RunBody["error"]> {
	const { code, message, retryable } = httpFailure(thrown);
	return { code, message, retryable };
}

/** Returns milliseconds with three decimal places. */
function rounded(ms: number): number {
	return Math.round(ms * 1_000) / 1_000;
}
