import { SpearError } from "../errors/spear-error.ts";
import { statusError } from "../transport/http/status-error.ts";

/** Members of a failure beside its status. */
export interface HttpFailureOptions {
	/** Pause that the upstream asks for, in milliseconds. The default is none. */
	readonly retryAfterMs?: number;
	/** The upstream's description of the failure. The default is none. */
	readonly message?: string;
}

/**
 * Returns the failure that an HTTP status of an upstream stands for. The adapters of this package report the same code, whether a retry may
 * help, and the party that it counts against.
 *
 * ```ts
 * mockBackend({ chat: [httpFailure(429, { retryAfterMs: 50 }), "the second attempt"] });
 * ```
 *
 * @param status Status of the answer: a whole number from 300 to 599.
 * @throws RangeError for any other status.
 */
export function httpFailure(status: number, { retryAfterMs, message }: HttpFailureOptions = {}): SpearError {
	if (!Number.isInteger(status) || status < 300 || status > 599)
		throw new RangeError(`status: it must be the status of a failure, from 300 to 599, and is ${status}`);
	const exchange = {
		target: "mock",
		hostname: "mock.invalid",
		redact: (text: string) => text,
		headers: {},
		body: message ?? "",
		status,
		retryAfterMs,
	};
	return statusError(exchange, message === undefined ? {} : { detail: message });
}

/** Returns the failure of an upstream that no connection reaches. Another backend is tried, if there is one. */
export function connectionFailure(message = "the backend cannot be reached"): SpearError {
	return new SpearError("backend_error", message, { retryable: true, attribution: "connection", processed: "no" });
}
