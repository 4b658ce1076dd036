import type * as types from "../../generated/ir/types.ts";
import { type Attribution, CODE_DEFAULTS, type Processed } from "./code-defaults.ts";
import type { ErrorReason } from "./error-reason.ts";
import { shareAcrossCopies } from "./shared-class.ts";

export interface SpearErrorOptions {
	/** True if the same call may succeed later. The default follows from the code. */
	readonly retryable?: boolean;
	/** Time that the upstream asks to wait before a retry, in milliseconds. */
	readonly retryAfterMs?: number;
	/** Operation that failed, e.g. `chat_completions`. */
	readonly operation?: string;
	/** The router's explanation of its decision. */
	readonly explanation?: types.Explanation;
	/** Finer reason of a `rate_limited` error. Never reaches a guest. */
	readonly reason?: ErrorReason;
	/** Party that the failure counts against. The default follows from the code. Never reaches a guest. */
	readonly attribution?: Attribution;
	/** Processing state at the upstream. The default follows from the code. Never reaches a guest. */
	readonly processed?: Processed;
	/** Usage that the upstream reported although the call failed. The host charges it. Never reaches a guest. */
	readonly usage?: types.Usage;
	/** Stack of the guest whose run failed with the error. Never reaches a guest. */
	readonly guestStack?: string;
	/** Error behind this one, for the host's log. Never reaches a guest. */
	readonly cause?: unknown;
}

/**
 * The error class of the host. `message` may reach a guest: it says what was wrong, where, and what to do, and holds neither key nor
 * URL. Details for the operator are in `cause`.
 *
 * `instanceof SpearError` accepts errors of other copies of this package.
 */
export class SpearError extends Error {
	static {
		shareAcrossCopies(SpearError, "SpearError");
	}

	override readonly name: string = "SpearError";
	readonly code: types.ErrorCode;
	/** True if the same call may succeed later. */
	readonly retryable: boolean;
	/** Time that the upstream asks to wait before a retry, in milliseconds. Absent if it names none. */
	readonly retryAfterMs: number | undefined;
	/** Operation that failed, e.g. `chat_completions`. Absent if the failure belongs to no operation. */
	readonly operation: string | undefined;
	/** The router's explanation. Absent if the request did not reach the router. */
	readonly explanation: types.Explanation | undefined;
	/** Finer reason of a `rate_limited` error. Absent if the host knows none. Never reaches a guest. */
	readonly reason: ErrorReason | undefined;
	/** Party that the failure counts against. Never reaches a guest. */
	readonly attribution: Attribution;
	/** Processing state at the upstream. Never reaches a guest. */
	readonly processed: Processed;
	/** Usage that the upstream reported although the call failed. Absent if it reported none. Never reaches a guest. */
	readonly usage: types.Usage | undefined;
	/**
	 * Stack of the guest whose run failed with the error, in its author's code if the guest was built with a source map: one frame a line.
	 * Empty if no run failed with the error. Never reaches a guest.
	 */
	readonly guestStack: string;

	constructor(code: types.ErrorCode, message: string, options: SpearErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		const defaults = CODE_DEFAULTS[code];
		this.code = code;
		this.retryable = options.retryable ?? defaults.retryable;
		this.retryAfterMs = options.retryAfterMs;
		this.operation = options.operation;
		this.explanation = options.explanation;
		this.reason = options.reason;
		this.attribution = options.attribution ?? defaults.attribution;
		this.processed = options.processed ?? defaults.processed;
		this.usage = options.usage;
		this.guestStack = options.guestStack ?? "";
	}

	/**
	 * Returns a SpearError for any thrown value.
	 * - A SpearError is returned unchanged.
	 * - An `AbortError` is the SpearError or the time limit that the operation was aborted with, else `cancelled`.
	 * - A `TimeoutError` is `timeout`.
	 * - Any other value is a fault of the host: `internal`, with the text withheld.
	 */
	static from(thrown: unknown): SpearError {
		if (thrown instanceof SpearError) return thrown;
		if (isNamed(thrown, "TimeoutError")) return new SpearError("timeout", TIME_LIMIT, { cause: thrown });
		if (!isNamed(thrown, "AbortError")) {
			return new SpearError("internal", "the host failed while serving this call; its log has the details", { cause: thrown });
		}
		// Node's functions keep the reason of the signal there.
		const { cause } = thrown;
		if (cause instanceof SpearError) return cause;
		return isNamed(cause, "TimeoutError")
			? new SpearError("timeout", TIME_LIMIT, { cause: thrown })
			: new SpearError("cancelled", ABORTED, { cause: thrown });
	}

	/** Returns the error that a record of the ABI describes. */
	static fromRecord(record: types.Error): SpearError {
		return new SpearError(record.code, record.message, {
			retryable: record.retryable,
			...(record.retry_after_ms === undefined ? {} : { retryAfterMs: record.retry_after_ms }),
			...(record.operation === undefined ? {} : { operation: record.operation }),
			...(record.explanation === undefined ? {} : { explanation: record.explanation }),
		});
	}

	/** Returns a copy. Members that `more` sets replace those of this error. */
	with(more: SpearErrorOptions): SpearError {
		const retryAfterMs = more.retryAfterMs ?? this.retryAfterMs;
		const operation = more.operation ?? this.operation;
		const explanation = more.explanation ?? this.explanation;
		const reason = more.reason ?? this.reason;
		const usage = more.usage ?? this.usage;
		return new SpearError(this.code, this.message, {
			retryable: more.retryable ?? this.retryable,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
			...(operation === undefined ? {} : { operation }),
			...(explanation === undefined ? {} : { explanation }),
			...(reason === undefined ? {} : { reason }),
			attribution: more.attribution ?? this.attribution,
			processed: more.processed ?? this.processed,
			...(usage === undefined ? {} : { usage }),
			guestStack: more.guestStack ?? this.guestStack,
			cause: more.cause ?? this.cause,
		});
	}

	/** Returns the ABI's error record, in the IR's shape. */
	toRecord(): types.Error {
		return {
			code: this.code,
			message: this.message,
			retryable: this.retryable,
			...(this.retryAfterMs === undefined ? {} : { retry_after_ms: this.retryAfterMs }),
			...(this.operation === undefined ? {} : { operation: this.operation }),
			...(this.explanation === undefined ? {} : { explanation: this.explanation }),
		};
	}

	/** Returns the record with the reason, which a guest must not receive. */
	toJSON(): types.Error & { readonly reason?: ErrorReason } {
		return { ...this.toRecord(), ...(this.reason === undefined ? {} : { reason: this.reason }) };
	}

	/** Returns the class, the code and the message. The message alone lacks the code, because a guest receives both. */
	override toString(): string {
		return `${this.name} [${this.code}]: ${this.message}`;
	}
}

const ABORTED = "the call was aborted before it was complete";
const TIME_LIMIT = "the call was not complete within its time limit; allow more time or ask for less";

function isNamed(thrown: unknown, name: string): thrown is Error {
	return thrown instanceof Error && thrown.name === name;
}

/** Returns the reason to abort a call with when its deadline passes. Attributed to the caller, who set the deadline. */
export function timeoutError(timeoutMs: number): SpearError {
	return new SpearError("timeout", `no complete answer within ${timeoutMs} ms; raise timeout_ms or ask for less`, {
		attribution: "caller",
	});
}

/** Returns the reason to abort a call with when its run or its handle ends. */
export function cancelledError(message: string): SpearError {
	return new SpearError("cancelled", message);
}

/**
 * Returns the error of a call whose signal was aborted: the signal's reason if that is a SpearError, `timeout` if the reason is a time
 * limit's `TimeoutError`, else `cancelled`. Attributed to the caller, who owns the signal.
 */
export function abortError(signal: AbortSignal): SpearError {
	const reason: unknown = signal.reason;
	if (reason instanceof SpearError) return reason;
	return isNamed(reason, "TimeoutError")
		? new SpearError("timeout", TIME_LIMIT, { attribution: "caller", cause: reason })
		: new SpearError("cancelled", ABORTED, { cause: reason });
}
