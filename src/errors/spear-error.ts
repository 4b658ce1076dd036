import type * as types from "../../generated/ir/types.ts";

/** Whether a failure of this kind may pass when the same call is repeated, unless the thrower knows better. */
const RETRYABLE: Readonly<Record<types.ErrorCode, boolean>> = {
	invalid_request: false,
	missing_capabilities: false,
	no_candidate_backend: false,
	backend_not_enabled: false,
	rate_limited: true,
	timeout: true,
	backend_error: false,
	cancelled: false,
	not_permitted: false,
	internal: false,
};

/**
 * Whose doing a failure is: what may be held against a backend or a key.
 * - `request`: what was asked for; any backend would refuse it, or this one does for good.
 * - `credentials`: the key; another one may do.
 * - `capacity`: the backend or the key has no room now.
 * - `backend`: the backend failed.
 * - `caller`: who asked gave up, or gave it too little time.
 * - `host`: the host itself, or its configuration.
 */
export type Attribution = "request" | "credentials" | "capacity" | "backend" | "caller" | "host";

/**
 * What a failure left behind at the upstream. It decides whether a request that is not idempotent may be repeated.
 * - `no`: the upstream surely did nothing.
 * - `yes`: it answered and is done.
 * - `unknown`: it may still be at it, or have done it.
 */
export type Processed = "no" | "yes" | "unknown";

const ATTRIBUTION: Readonly<Record<types.ErrorCode, Attribution>> = {
	invalid_request: "request",
	missing_capabilities: "request",
	no_candidate_backend: "host",
	backend_not_enabled: "host",
	rate_limited: "capacity",
	timeout: "backend",
	backend_error: "backend",
	cancelled: "caller",
	not_permitted: "request",
	internal: "host",
};

const PROCESSED: Readonly<Record<types.ErrorCode, Processed>> = {
	invalid_request: "no",
	missing_capabilities: "no",
	no_candidate_backend: "no",
	backend_not_enabled: "no",
	rate_limited: "no",
	timeout: "unknown",
	backend_error: "yes",
	cancelled: "no",
	not_permitted: "no",
	internal: "no",
};

export interface SpearErrorOptions {
	/** Overrides the default of the code. */
	readonly retryable?: boolean;
	/** How long the upstream asks to wait, in milliseconds. */
	readonly retryAfterMs?: number;
	/** The operation that failed, e.g. `chat_completions`. */
	readonly operation?: string;
	/** The router's account of the decision. */
	readonly explanation?: types.Explanation;
	/** Overrides the default of the code. For the host only, like `processed`. */
	readonly attribution?: Attribution;
	/** Overrides the default of the code. */
	readonly processed?: Processed;
	/** What lies behind. For the host's log only: it never reaches a guest. */
	readonly cause?: unknown;
}

/**
 * The one error class of the host. Its `message` may reach a guest: it says what was wrong, where, and what to do,
 * and holds neither key nor URL. Details for the operator go into `cause`.
 */
export class SpearError extends Error {
	override readonly name = "SpearError";
	readonly code: types.ErrorCode;
	readonly retryable: boolean;
	readonly retryAfterMs: number | undefined;
	readonly operation: string | undefined;
	readonly explanation: types.Explanation | undefined;
	/** Whose doing it is. Never reaches a guest. */
	readonly attribution: Attribution;
	/** What it left behind at the upstream. Never reaches a guest. */
	readonly processed: Processed;

	constructor(code: types.ErrorCode, message: string, options: SpearErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.retryable = options.retryable ?? RETRYABLE[code];
		this.retryAfterMs = options.retryAfterMs;
		this.operation = options.operation;
		this.explanation = options.explanation;
		this.attribution = options.attribution ?? ATTRIBUTION[code];
		this.processed = options.processed ?? PROCESSED[code];
	}

	/** Makes a SpearError of anything thrown. What is not one already is a fault of the host: `internal`, its text withheld. */
	static from(thrown: unknown): SpearError {
		if (thrown instanceof SpearError) return thrown;
		return new SpearError("internal", "the host failed while serving this call; its log has the details", { cause: thrown });
	}

	/** The error that a record of the ABI describes. */
	static fromRecord(record: types.Error): SpearError {
		return new SpearError(record.code, record.message, {
			retryable: record.retryable,
			...(record.retry_after_ms === undefined ? {} : { retryAfterMs: record.retry_after_ms }),
			...(record.operation === undefined ? {} : { operation: record.operation }),
			...(record.explanation === undefined ? {} : { explanation: record.explanation }),
		});
	}

	/** A copy that says more: what is set in `more` replaces what this one has. */
	with(more: SpearErrorOptions): SpearError {
		const retryAfterMs = more.retryAfterMs ?? this.retryAfterMs;
		const operation = more.operation ?? this.operation;
		const explanation = more.explanation ?? this.explanation;
		return new SpearError(this.code, this.message, {
			retryable: more.retryable ?? this.retryable,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
			...(operation === undefined ? {} : { operation }),
			...(explanation === undefined ? {} : { explanation }),
			attribution: more.attribution ?? this.attribution,
			processed: more.processed ?? this.processed,
			cause: more.cause ?? this.cause,
		});
	}

	/** The ABI's error record, in the IR's shape. */
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

	toJSON(): types.Error {
		return this.toRecord();
	}
}

/** The reason to abort a call with when its deadline passes. */
export function timeoutError(timeoutMs: number): SpearError {
	return new SpearError("timeout", `no complete answer within ${timeoutMs} ms; raise timeout_ms or ask for less`, {
		attribution: "caller",
	});
}

/** The reason to abort a call with when its run or its handle ends. */
export function cancelledError(what: string): SpearError {
	return new SpearError("cancelled", what);
}

/** The SpearError an aborted signal stands for: its reason when that is one, else `cancelled`. */
export function abortError(signal: AbortSignal): SpearError {
	return signal.reason instanceof SpearError
		? signal.reason
		: new SpearError("cancelled", "the call was aborted before it was complete", { cause: signal.reason });
}
