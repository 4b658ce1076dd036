import { agentOfRun } from "../run-id.ts";
import { isRunState } from "../run-state.ts";
import type { LeaseState, RunEvent, RunState, RunStatus, TakenRun } from "../runs.ts";
import { StoreError } from "../store-error.ts";
import { bytesOf, listOf, numberOf, optional, textOf } from "./reply.ts";

/** Readers of the replies of the scripts of runs. Each throws StoreError `invalid_value` for a reply of another form. */

/** Returns a run that was taken. */
export function takenRunOf(agent: string, reply: unknown): TakenRun {
	const [id, guest, input, maxAttempts, attempt, token, submitted, left, timeout, trace] = listOf(reply);
	const leftMs = optional(left, numberOf);
	const timeoutMs = optional(timeout, numberOf);
	const traceparent = optional(trace, textOf);
	return {
		...{ id: idOf(agent, id), agent, guest: textOf(guest), input: bytesOf(input), maxAttempts: numberOf(maxAttempts) },
		...{ attempt: numberOf(attempt), token: textOf(token), submittedAtMs: numberOf(submitted) },
		...(leftMs === undefined ? {} : { leftMs }),
		...(timeoutMs === undefined ? {} : { timeoutMs }),
		...(traceparent === undefined ? {} : { traceparent }),
	};
}

/** Returns a run for a caller. */
export function statusOf(agent: string, reply: unknown, outcome?: Uint8Array): RunStatus {
	const [id, guest, state, attempt, maxAttempts, priority, submitted, started, ended, workerName, cancel] = listOf(reply);
	const startedAtMs = optional(started, numberOf);
	const endedAtMs = optional(ended, numberOf);
	const worker = optional(workerName, textOf);
	return {
		...{ id: idOf(agent, id), agent, guest: textOf(guest), state: stateOf(state), attempt: numberOf(attempt) },
		...{ maxAttempts: numberOf(maxAttempts), priority: numberOf(priority), submittedAtMs: numberOf(submitted) },
		cancelRequested: numberOf(cancel) === 1,
		...(startedAtMs === undefined ? {} : { startedAtMs }),
		...(endedAtMs === undefined ? {} : { endedAtMs }),
		...(worker === undefined ? {} : { worker }),
		...(outcome === undefined ? {} : { outcome }),
	};
}

/** Returns an event. */
export function eventOf(reply: unknown): RunEvent {
	const [position, attempt, content] = listOf(reply);
	return { position: textOf(position), attempt: numberOf(attempt), content: bytesOf(content) };
}

/** Returns a state. */
export function stateOf(reply: unknown): RunState {
	const text = textOf(reply);
	if (isRunState(text)) return text;
	throw new StoreError(
		"invalid_value",
		"the shared store holds a run in no known state: another program writes to these keys, or another version",
	);
}

/** Returns the state of a lease. */
export function leaseOf(reply: unknown): LeaseState {
	const text = textOf(reply);
	return text === "held" || text === "cancelled" ? text : "lost";
}

/** Returns the identifier of a run of an agent. */
export function idOf(agent: string, reply: unknown): string {
	const id = textOf(reply);
	if (agentOfRun(id) === agent) return id;
	throw new StoreError(
		"invalid_value",
		`the queue of ${agent} holds an entry that is no run: another program writes to these keys, or another version`,
	);
}
