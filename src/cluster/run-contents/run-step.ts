import { randomBytes } from "node:crypto";
import type { RunOutput } from "../../hostcall/emitted.ts";
import { isCount, isRecord } from "./checks.ts";
import { type RunFailure, readFailure } from "./run-failure.ts";

/**
 * A step of an attempt, as the store keeps it in order. A worker that does not know if the store has kept a step sends the step again. Readers leave out
 * the numbers of an execution that they have.
 */
export interface RunStep {
	/** Random name of the execution: attempts that have the same number, because one was handed back or the run was retried, have different ones. */
	readonly execution: string;
	/** Place among the steps of the execution, from 1. */
	readonly number: number;
	readonly event: StepEvent;
}

export type StepEvent =
	| RunOutput
	/** Beginning of an attempt after the first one, with the reason. `error` is that of the attempt before, if that attempt failed. */
	| { readonly type: "attempt"; readonly reason: AttemptReason; readonly error?: RunFailure };

/** `failed`: the attempt before failed. `worker_lost`: its worker died, or could not reach the store for longer than its lease. `retried`: the operator asked. */
export type AttemptReason = (typeof REASONS)[number];

const REASONS = ["failed", "worker_lost", "retried"] as const;

const EXECUTION = /^[\w-]{8}$/;

/** Returns a name for a new execution. */
export function newExecution(): string {
	return randomBytes(6).toString("base64url");
}

/** Returns the step that a value is; `undefined` for none. */
export function readStep(value: unknown): RunStep | undefined {
	if (!isRecord(value) || !isCount(value.number)) return undefined;
	const { execution, number } = value;
	if (typeof execution !== "string" || !EXECUTION.test(execution)) return undefined;
	const event = readEvent(value.event);
	return event === undefined ? undefined : { execution, number, event };
}

function readEvent(value: unknown): StepEvent | undefined {
	if (!isRecord(value)) return undefined;
	const { type, text, name, data } = value;
	if (type === "text" && typeof text === "string") return { type, text };
	if (type === "event" && typeof name === "string") return { type, name, data };
	if (type !== "attempt") return undefined;
	const reason = REASONS.find((each) => each === value.reason);
	const error = readFailure(value.error);
	return reason === undefined ? undefined : { type, reason, ...(error === undefined ? {} : { error }) };
}
