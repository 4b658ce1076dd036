import { isRecord, positive } from "./checks.ts";

/** Input of a run, with what else its worker must know. */
export interface RunInput {
	/** Input of the guest. */
	readonly input: string;
	/** Longest CPU time of an attempt, in milliseconds. Absent: that of the worker's configuration. */
	readonly cpuMs?: number;
	/** True to retry an attempt in which the guest itself failed. Absent: false. */
	readonly retryGuestFailures?: boolean;
}

/** Returns the input that a value is; `undefined` for none. */
export function readInput(value: unknown): RunInput | undefined {
	if (!isRecord(value) || typeof value.input !== "string") return undefined;
	const { input, cpuMs, retryGuestFailures } = value;
	return { input, ...(positive(cpuMs) ? { cpuMs } : {}), ...(retryGuestFailures === true ? { retryGuestFailures } : {}) };
}
