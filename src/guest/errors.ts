import type { Error as AbiError } from "spear:ai/types@0.1.0";
import { wellFormed } from "./text.ts";

/** A hostcall failed. Switch on `code`; `retryable` says whether the same call may succeed later. */
export class HostcallError extends Error {
	override readonly name = "HostcallError";
	readonly code: AbiError["code"];
	readonly retryable: boolean;
	/** How long the upstream asks to wait before a retry, in ms. */
	readonly retryAfterMs: number | undefined;
	/** The operation that failed, e.g. `chat_completions`. */
	readonly operation: string | undefined;
	/** The router's account, when the request reached the router. */
	readonly explanation: AbiError["explanation"];
	/** The error as the host gave it. */
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

	/** The error a hostcall threw, or undefined when `thrown` is something else. Both engines put the record into `payload`. */
	static from(thrown: unknown): HostcallError | undefined {
		if (thrown instanceof HostcallError) return thrown;
		try {
			const payload = isRecord(thrown) ? thrown.payload : undefined;
			return isAbiError(payload) ? new HostcallError(payload) : undefined;
		} catch {
			// A getter of what was thrown throws in turn.
			return undefined;
		}
	}
}

/** Calls the host; what it throws becomes a `HostcallError`. */
export function hostcall<T>(call: () => T): T {
	try {
		return call();
	} catch (thrown) {
		throw HostcallError.from(thrown) ?? thrown;
	}
}

/** Says what went wrong in a line, for a person or a model to read. Anything may have been thrown: this never throws itself. */
export function describe(thrown: unknown): string {
	try {
		if (thrown instanceof HostcallError) return wellFormed(thrown.message);
		if (thrown instanceof Error) return wellFormed(thrown.name === "Error" ? thrown.message : `${thrown.name}: ${thrown.message}`);
		return wellFormed(typeof thrown === "object" ? JSON.stringify(thrown) : String(thrown));
	} catch {
		return "something that cannot be shown was thrown";
	}
}

function isAbiError(value: unknown): value is AbiError {
	return isRecord(value) && typeof value.code === "string" && typeof value.message === "string" && typeof value.retryable === "boolean";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null;
}
