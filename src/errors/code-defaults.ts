import type * as types from "../../generated/ir/types.ts";

/**
 * The party that a failure counts against. Decides whether a backend or a key loses health.
 * - `request`: the request itself. Another backend would refuse it too, or this backend always will.
 * - `credentials`: the key. Another key may work.
 * - `capacity`: the backend or the key has no capacity now.
 * - `backend`: the backend failed.
 * - `connection`: no connection to the backend is possible. No request can cause that, so it counts against the backend for all guests.
 * - `caller`: the caller cancelled the call, or allowed too little time.
 * - `host`: the host or its configuration.
 */
export type Attribution = "request" | "credentials" | "capacity" | "backend" | "connection" | "caller" | "host";

/**
 * Processing state at the upstream of a request that failed. Decides if a request that is not idempotent may be retried.
 * - `no`: the upstream did nothing.
 * - `yes`: the upstream answered and has finished.
 * - `unknown`: the upstream may still process the request, or may have finished.
 */
export type Processed = "no" | "yes" | "unknown";

/** Members of an error that follow from its code where the thrower does not set them. */
export interface CodeDefaults {
	/** The same call may succeed later. */
	readonly retryable: boolean;
	readonly attribution: Attribution;
	readonly processed: Processed;
}

export const CODE_DEFAULTS: { readonly [C in types.ErrorCode]: CodeDefaults } = {
	invalid_request: { retryable: false, attribution: "request", processed: "no" },
	missing_capabilities: { retryable: false, attribution: "request", processed: "no" },
	no_candidate_backend: { retryable: false, attribution: "host", processed: "no" },
	backend_not_enabled: { retryable: false, attribution: "host", processed: "no" },
	rate_limited: { retryable: true, attribution: "capacity", processed: "no" },
	timeout: { retryable: true, attribution: "backend", processed: "unknown" },
	backend_error: { retryable: false, attribution: "backend", processed: "yes" },
	cancelled: { retryable: false, attribution: "caller", processed: "no" },
	not_permitted: { retryable: false, attribution: "request", processed: "no" },
	internal: { retryable: false, attribution: "host", processed: "no" },
};
