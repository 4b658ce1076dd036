import { SpearError } from "../errors/spear-error.ts";

/** Time limits of one exchange with a backend, in milliseconds. 0 means no limit. A call's own deadline applies in addition. */
export interface BackendTimeouts {
	/** For a new connection, TLS included. */
	readonly connectTimeoutMs: number;
	/** From the connection to the status line and headers, and again from those to the first byte of the body. */
	readonly firstByteTimeoutMs: number;
	/**
	 * Between two chunks of the body, counted only while a reader waits for the next one. Also between two chunks of an upload that
	 * the backend accepts.
	 */
	readonly idleTimeoutMs: number;
}

/** The error for a connection that was not established in time. */
export function connectTimeout(ms: number): SpearError {
	return new SpearError("timeout", `no connection to the backend within ${ms} ms (connect_timeout_ms of the backend)`, { processed: "no" });
}

/** The error for an answer that did not begin in time. */
export function firstByteTimeout(ms: number): SpearError {
	return new SpearError("timeout", `the backend sent no answer within ${ms} ms (first_byte_timeout_ms of the backend)`);
}

/** The error for an answer that stopped before its end. */
export function idleTimeout(ms: number): SpearError {
	return new SpearError("timeout", `the backend sent nothing more within ${ms} ms (idle_timeout_ms of the backend)`);
}

/** The error for an upload that the backend stopped reading. */
export function uploadTimeout(ms: number): SpearError {
	return new SpearError("timeout", `the backend read nothing more of the request within ${ms} ms (idle_timeout_ms of the backend)`);
}

/** The error for a WebSocket whose other side no longer replies. */
export function pingTimeout(ms: number): SpearError {
	return new SpearError(
		"timeout",
		`the backend sent nothing within ${ms} ms, not even in reply to a ping (idle_timeout_ms of the backend)`,
	);
}
