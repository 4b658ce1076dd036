import type { Error as AbiError } from "spear:ai/types@0.1.0";
import { wellFormed } from "./text.ts";

/** A failed hostcall. Compare `code` to handle kinds of failures. */
export class HostcallError extends Error {
	override readonly name = "HostcallError";
	readonly code: AbiError["code"];
	/** True if the same call may succeed later. */
	readonly retryable: boolean;
	/** Time that the upstream asks to wait before a retry, in milliseconds. Absent if it names none. */
	readonly retryAfterMs: number | undefined;
	/** Operation that failed, e.g. `chat_completions`. Absent if the failure belongs to no operation. */
	readonly operation: string | undefined;
	/** The router's explanation. Absent if the request did not reach the router. */
	readonly explanation: AbiError["explanation"];
	/** The error record of the ABI. */
	readonly record: AbiError;

	constructor(record: AbiError) {
		super(record.message);
		this.record = record;
		this.code = record.code;
		this.retryable = record.retryable;
		this.retryAfterMs = record.retryAfterMs ?? undefined;
		this.operation = record.operation ?? undefined;
		this.explanation = record.explanation;
	}

	/** Returns the error of a hostcall, or `undefined` for any other thrown value. Both engines put the record into `payload`. */
	static from(thrown: unknown): HostcallError | undefined {
		if (thrown instanceof HostcallError) return thrown;
		try {
			const payload = isRecord(thrown) ? thrown.payload : undefined;
			if (!isAbiError(payload)) return undefined;
			const failed = new HostcallError(payload);
			// The place of the call, rather than that of this function.
			if (thrown instanceof Error && typeof thrown.stack === "string" && thrown.stack !== "") failed.stack = thrown.stack;
			return failed;
		} catch {
			// A getter of the thrown value may throw.
			return undefined;
		}
	}
}

/** Returns the code and the message of a failed hostcall, in a line. Undefined for any other value. */
export function hostcallText(thrown: unknown): string | undefined {
	const failed = HostcallError.from(thrown);
	return failed === undefined ? undefined : `HostcallError [${failed.code}]: ${failed.message}`;
}

/**
 * Returns the result of `call`.
 *
 * @throws HostcallError for a failed hostcall. Any other error is thrown unchanged.
 */
export function hostcall<T>(call: () => T): T {
	try {
		return call();
	} catch (thrown) {
		throw HostcallError.from(thrown) ?? thrown;
	}
}

/** Returns a message for any thrown value, in one line for readers and models. Never throws. */
export function describe(thrown: unknown): string {
	try {
		if (thrown instanceof HostcallError) return wellFormed(thrown.message);
		if (thrown instanceof Error) return wellFormed(thrown.name === "Error" ? thrown.message : `${thrown.name}: ${thrown.message}`);
		return wellFormed(typeof thrown === "object" ? JSON.stringify(thrown) : String(thrown));
	} catch {
		return "a value that cannot be shown was thrown";
	}
}

function isAbiError(value: unknown): value is AbiError {
	return isRecord(value) && typeof value.code === "string" && typeof value.message === "string" && typeof value.retryable === "boolean";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
