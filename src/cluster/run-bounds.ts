import { SpearError } from "../errors/spear-error.ts";
import { agentOfRun } from "./run-id.ts";
import type { RunSubmission } from "./runs.ts";

/** Largest input and outcome of a run, sealed, in bytes. Larger values in the store are refused. */
export const MAX_CONTENT_BYTES = 16 * 2 ** 20;

/** Longest name of an agent, guest or worker, and longest further text of a run, in bytes. */
export const MAX_NAME_BYTES = 256;

/** Bytes that an event of a run counts beside its content. Without them, empty events would be unlimited. */
export const EVENT_OVERHEAD_BYTES = 64;

/** Most events that one call returns. */
export const MAX_EVENTS_PER_CALL = 1_000;

/** Bytes of inputs after which `take` takes no further run of an agent. */
export const MAX_TAKEN_BYTES = 8 * 2 ** 20;

/** Longest lease, in milliseconds: an hour. */
const MAX_LEASE_MS = 3_600_000;

/** Longest time of a run's member in milliseconds: a year. Sums of times stay exact numbers. */
const MAX_MS = 366 * 86_400_000;

/** Ranges of the numbers of a submission, both ends included. */
const RANGES = {
	weight: [1, 1_000_000],
	priority: [0, 9],
	delayMs: [0, MAX_MS],
	deadlineMs: [0, MAX_MS],
	timeoutMs: [1, MAX_MS],
	maxAttempts: [1, 100],
	keepMs: [1, MAX_MS],
	maxPending: [0, 1_000_000_000],
	maxEventBytes: [0, 64 * 2 ** 20],
} as const;

/** Throws for a submission outside the ranges. @throws SpearError `invalid_request` */
export function checkSubmission(run: RunSubmission): void {
	for (const name of [
		"weight",
		"priority",
		"delayMs",
		"deadlineMs",
		"timeoutMs",
		"maxAttempts",
		"keepMs",
		"maxPending",
		"maxEventBytes",
	] as const) {
		const value = run[name];
		const [least, most] = RANGES[name];
		if (value !== undefined && !(Number.isSafeInteger(value) && value >= least && value <= most))
			throw new SpearError("invalid_request", `the run's ${name} is ${value}; it must be a whole number from ${least} to ${most}`);
	}
	for (const name of ["agent", "guest", "traceparent", "idempotencyKey"] as const) checkName(run[name] ?? "", name);
	checkContent(run.input, "input");
	if (agentOfRun(run.id) !== run.agent)
		throw new SpearError("invalid_request", `the run's id must be of its agent ${run.agent}; make it by newRunId`);
}

/** Throws for a text that is too long. @throws SpearError `invalid_request` */
export function checkName(text: string, name: string): void {
	if (Buffer.byteLength(text) > MAX_NAME_BYTES)
		throw new SpearError("invalid_request", `the run's ${name} has more than ${MAX_NAME_BYTES} bytes; use a shorter one`);
}

/** Throws for a content that is too large. @throws SpearError `invalid_request` */
export function checkContent(content: Uint8Array, name: string): void {
	if (content.length > MAX_CONTENT_BYTES)
		throw new SpearError(
			"invalid_request",
			`the run's ${name} has ${content.length} bytes, and at most ${MAX_CONTENT_BYTES} can be stored; put large contents into the media store`,
		);
}

/** Throws for the time of a lease out of range. @throws SpearError `invalid_request` */
export function checkLease(leaseMs: number): void {
	if (!(Number.isSafeInteger(leaseMs) && leaseMs >= 1 && leaseMs <= MAX_LEASE_MS))
		throw new SpearError("invalid_request", `the lease is ${leaseMs} ms; it must be a whole number from 1 to ${MAX_LEASE_MS}`);
}

/** Returns the error for a guest with too many runs that wait. */
export function tooManyPending({ agent, guest, maxPending }: RunSubmission): SpearError {
	return new SpearError("rate_limited", `${maxPending} runs of ${agent} by ${guest} wait already; submit again when some have started`);
}
