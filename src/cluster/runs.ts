/**
 * The queue of runs. A run is submitted once, taken by workers one after the other until an attempt ends, and its outcome is stored once.
 *
 * Every write of an attempt names its token. A worker that was taken over holds an old token, and its writes are refused.
 */
export interface SharedRuns {
	/**
	 * Adds a run. A run with the same guest, agent and idempotency key that is still kept is returned in its place. A run with the same identifier is
	 * added once. So after a StoreError with `mayHaveRun`, the same submission may be sent again.
	 *
	 * @throws StoreError; SpearError `rate_limited` if the guest has `maxPending` runs of the agent that wait; SpearError `invalid_request` for a
	 * submission outside the ranges.
	 */
	submit(run: RunSubmission): Promise<SubmittedRun>;
	/**
	 * Takes runs that may start now. Agents are asked in their order, so a caller varies the order for equal chances. Guests of an agent take turns by their weights, and runs of a guest start by their priority. At most
	 * `AgentPlaces.maxRunning` runs of an agent run over all hosts. Runs whose deadline has passed end as `expired`. Runs of a worker whose lease
	 * has ended are taken too, before the others of their guest, or end as `poisoned` after `maxAttempts`. Fewer runs are returned if their inputs pass 8 MiB
	 * together.
	 *
	 * @param worker Name of the host.
	 * @param most Most runs to take.
	 * @param leaseMs Time after which others may take the runs over, unless `renew` is called.
	 */
	take(worker: string, agents: readonly AgentPlaces[], most: number, leaseMs: number): Promise<readonly TakenRun[]>;
	/** Extends the leases of attempts. A lease that has ended is extended too, unless another worker has taken the run. Returns the state of each, in the same order. */
	renew(attempts: readonly RunToken[], leaseMs: number): Promise<readonly LeaseState[]>;
	/**
	 * Appends events of an attempt. The oldest events of a run are dropped beyond `maxEventBytes` of the submission.
	 *
	 * @returns False if the attempt was taken over, or has ended.
	 */
	append(attempt: RunToken, events: readonly Uint8Array[]): Promise<boolean>;
	/**
	 * Stores the outcome of an attempt. A `failed` outcome with `retryInMs` queues the run again while attempts are left, and otherwise makes it `poisoned`.
	 * If the deadline has passed, or would pass before the retry, a `failed` run is `expired`. If the run was cancelled, a `failed` run is `cancelled`.
	 * A repeated call stores nothing, and returns the state. So after a StoreError, the same call may be made again.
	 *
	 * @returns The state of the run then; `undefined` if the attempt was taken over, and the outcome was not stored.
	 */
	finish(attempt: RunToken, outcome: AttemptOutcome): Promise<RunState | undefined>;
	/** Returns a run that has not started to the queue. The run is the next one again, and the attempt does not count. */
	release(attempt: RunToken): Promise<void>;
	/**
	 * Cancels a run. A waiting run ends at once. A run in progress ends when its worker learns of the request, by `renew` or `onChange`.
	 *
	 * @returns The state of the run before; `undefined` for an unknown run.
	 */
	cancel(id: string): Promise<RunState | undefined>;
	/** Returns a run; `undefined` for an unknown one. */
	status(id: string): Promise<RunStatus | undefined>;
	/**
	 * Returns the events after a position, oldest first; `undefined` for an unknown run. At most 1,000.
	 *
	 * @param after Position of the last event that the caller has; "" for the beginning.
	 * @param mostBytes Bound of the sum of the events. At least one event is returned.
	 * @throws SpearError `invalid_request` for a text that is no position.
	 */
	events(id: string, after: string, mostBytes: number): Promise<RunEvents | undefined>;
	/** Queues a poisoned run again, with all attempts, and its deadline counts from now. Returns false for a run in another state. */
	retry(id: string): Promise<boolean>;
	/** Returns runs of an agent without their outcomes, newest first. For displays: only the newest 2,000 runs are searched, or the newest 2,000 poisoned ones. */
	list(agent: string, options: ListOptions): Promise<readonly RunStatus[]>;
	/** Returns the numbers of runs of agents, in the same order. */
	counts(agents: readonly string[]): Promise<readonly RunCounts[]>;
	/**
	 * Calls `listener` soon after a run was queued, has new events, was cancelled or has ended. A notification may be lost: callers also ask from time to
	 * time. Returns the function that ends that.
	 */
	onChange(listener: (change: RunChange) => void): () => void;
}

/** A run as it is submitted. Contents are as the `ContentSeal` made them. */
export interface RunSubmission {
	/** Identifier, from `newRunId(agent)`. */
	readonly id: string;
	readonly agent: string;
	/** Name of the guest that submits: limits, budgets and turns are the guest's. */
	readonly guest: string;
	/** Share of the starts among the guests of the agent. A whole number from 1 to 1,000,000. */
	readonly weight: number;
	/** At most 16 MiB. */
	readonly input: Uint8Array;
	/** 0 to 9. Higher ones start first. */
	readonly priority: number;
	/** Time until the run may start, in milliseconds. 0 for now. */
	readonly delayMs: number;
	/** Time until the run must have ended, in milliseconds from the submission. Absent: no limit. */
	readonly deadlineMs?: number;
	/** Longest duration of one attempt, in milliseconds. Absent: the host's. */
	readonly timeoutMs?: number;
	/** 1 to 100. */
	readonly maxAttempts: number;
	readonly idempotencyKey?: string;
	/** Time for which the run is kept after its end, in milliseconds. */
	readonly keepMs: number;
	/** Most runs of this guest and agent that may wait. */
	readonly maxPending: number;
	/** Most bytes of events that are kept. Each event counts 64 bytes more than its content. 0 for no events. At most 64 MiB. */
	readonly maxEventBytes: number;
	/** Trace context of the submission, as the header `traceparent`. */
	readonly traceparent?: string;
}

export interface SubmittedRun {
	readonly id: string;
	/** False for a run that was submitted before with the same idempotency key. */
	readonly isNew: boolean;
}

/** The places of an agent over all hosts. */
export interface AgentPlaces {
	readonly agent: string;
	readonly maxRunning: number;
	/** Most runs to take of this agent. */
	readonly most: number;
}

/** An attempt of a run. */
export interface RunToken {
	readonly id: string;
	/** Number of the attempt, from 1. */
	readonly attempt: number;
	/** Random. Names the attempt. */
	readonly token: string;
}

/** A run that a worker has taken. */
export interface TakenRun extends RunToken {
	readonly agent: string;
	readonly guest: string;
	readonly input: Uint8Array;
	readonly maxAttempts: number;
	readonly submittedAtMs: number;
	/** Time until the run must have ended, in milliseconds. Absent: no limit. */
	readonly leftMs?: number;
	readonly timeoutMs?: number;
	readonly traceparent?: string;
}

/** `held`: go on. `cancelled`: end the attempt, and call `finish`. `lost`: end the attempt, another worker has it. */
export type LeaseState = "held" | "cancelled" | "lost";

/**
 * | state | meaning |
 * | --- | --- |
 * | `delayed` | waits for its time |
 * | `queued` | waits for a worker |
 * | `running` | an attempt is in progress |
 * | `completed` | ended with an answer |
 * | `failed` | ended with an error that another attempt would not change |
 * | `cancelled` | ended by `cancel` |
 * | `expired` | its deadline passed |
 * | `poisoned` | every attempt failed, or ended with its worker; kept for the operator |
 */
export type RunState = "delayed" | "queued" | "running" | "completed" | "failed" | "cancelled" | "expired" | "poisoned";

export interface AttemptOutcome {
	readonly state: "completed" | "failed" | "cancelled";
	/** Answer or error, sealed. */
	readonly content: Uint8Array;
	/** Time until the next attempt of a `failed` one, in milliseconds. Absent: no further attempt. */
	readonly retryInMs?: number;
}

export interface RunStatus {
	readonly id: string;
	readonly agent: string;
	readonly guest: string;
	readonly state: RunState;
	/** Attempts that have started. */
	readonly attempt: number;
	readonly maxAttempts: number;
	readonly priority: number;
	/** Times by the store, in milliseconds since 1970. */
	readonly submittedAtMs: number;
	/** Start of the last attempt. */
	readonly startedAtMs?: number;
	readonly endedAtMs?: number;
	/** Host of the present attempt. */
	readonly worker?: string;
	readonly cancelRequested: boolean;
	/** Answer, or the error of the last attempt, sealed. */
	readonly outcome?: Uint8Array;
}

export interface RunEvents {
	readonly events: readonly RunEvent[];
	/** True if no further event will follow those returned. */
	readonly ended: boolean;
	/** True if events after `after` were dropped. */
	readonly gap: boolean;
}

export interface RunEvent {
	/** Position, for `after`. */
	readonly position: string;
	readonly attempt: number;
	readonly content: Uint8Array;
}

export interface ListOptions {
	/** Absent: every state. */
	readonly states?: readonly RunState[];
	/** Absent: every guest. */
	readonly guest?: string;
	readonly most: number;
}

export interface RunCounts {
	readonly waiting: number;
	readonly running: number;
	readonly poisoned: number;
	/** Time for which the oldest run of the queue has waited since it may start, in milliseconds. 0 for none. */
	readonly oldestMs: number;
}

export interface RunChange {
	readonly type: "queued" | "events" | "cancelled" | "ended";
	readonly id: string;
	readonly agent: string;
}
