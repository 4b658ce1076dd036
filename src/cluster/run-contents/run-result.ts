import { isCount, isRecord } from "./checks.ts";
import { type RunFailure, readFailure } from "./run-failure.ts";

/** Result of an attempt: an answer, or a failure. */
export interface RunResult {
	/** Number of the attempt. */
	readonly attempt: number;
	/** Duration of the attempt, in milliseconds. */
	readonly durationMs: number;
	/** CPU time of the guest, in milliseconds. 0 for a guest that is not metered. */
	readonly cpuMs: number;
	readonly ended: { readonly answer: string } | { readonly failure: RunFailure };
}

/** Returns the result that a value is; `undefined` for none. */
export function readResult(value: unknown): RunResult | undefined {
	if (!isRecord(value) || !isRecord(value.ended)) return undefined;
	const { attempt, durationMs, cpuMs, ended } = value;
	if (!isCount(attempt) || typeof durationMs !== "number" || typeof cpuMs !== "number") return undefined;
	if (typeof ended.answer === "string") return { attempt, durationMs, cpuMs, ended: { answer: ended.answer } };
	const failure = readFailure(ended.failure);
	return failure === undefined ? undefined : { attempt, durationMs, cpuMs, ended: { failure } };
}
