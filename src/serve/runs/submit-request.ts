import type { SubmitOptions } from "../../host/runs/submit-options.ts";
import { inputOf, invalid, membersOf } from "../agents/run-request.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";

/** The request of a submission. */
export interface SubmitRequest {
	readonly input: string;
	readonly options: SubmitOptions;
}

/** Longest time that a request may ask for, in milliseconds: a year. */
const MAX_MS = 31_536_000_000;

const MEMBERS: readonly string[] = [
	"input",
	"priority",
	"delay_ms",
	"deadline_ms",
	"timeout_ms",
	"cpu_ms",
	"max_attempts",
	"idempotency_key",
	"retry_guest_failures",
];

/** Returns the submission whose body is the input itself. */
export function plainSubmitRequest(text: string, headers: Headers): SubmitRequest {
	const idempotencyKey = idempotencyKeyOf(headers, undefined);
	return { input: text, options: idempotencyKey === undefined ? {} : { idempotencyKey } };
}

/**
 * Parses the JSON body of a submission. An input that is no string reaches the guest as JSON text.
 *
 * @throws HttpError 400 that names the member at fault; 413 for too many values.
 */
export function parseSubmitRequest(text: string, headers: Headers): SubmitRequest {
	const body = membersOf(text, MEMBERS);
	const input = inputOf(body);
	const idempotencyKey = idempotencyKeyOf(headers, body.idempotency_key);
	const [priority, delayMs] = [wholeOf("priority", body, 0, 9), wholeOf("delay_ms", body, 0, MAX_MS)];
	const [deadlineMs, maxAttempts] = [wholeOf("deadline_ms", body, 1, MAX_MS), wholeOf("max_attempts", body, 1, 100)];
	const [timeoutMs, cpuMs] = [wholeOf("timeout_ms", body, 1, MAX_MS), wholeOf("cpu_ms", body, 1, MAX_MS)];
	if (deadlineMs !== undefined && deadlineMs <= (delayMs ?? 0)) throw invalid("deadline_ms", "it must be longer than delay_ms");
	const { retry_guest_failures: retryGuestFailures = false } = body;
	if (typeof retryGuestFailures !== "boolean") throw invalid("retry_guest_failures", "it must be true or false");
	const options: SubmitOptions = {
		...(priority === undefined ? {} : { priority }),
		...(delayMs === undefined ? {} : { delayMs }),
		...(deadlineMs === undefined ? {} : { deadlineMs }),
		...(timeoutMs === undefined ? {} : { timeoutMs }),
		...(cpuMs === undefined ? {} : { cpuMs }),
		...(maxAttempts === undefined ? {} : { maxAttempts }),
		...(idempotencyKey === undefined ? {} : { idempotencyKey }),
		...(retryGuestFailures ? { retryGuestFailures } : {}),
	};
	return { input, options };
}

function wholeOf(name: string, body: Readonly<Record<string, unknown>>, least: number, most: number): number | undefined {
	const value = body[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
	throw invalid(name, `it must be a whole number from ${least} to ${most}`);
}
