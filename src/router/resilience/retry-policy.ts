import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";

/** Error codes after which another backend may succeed. The others are about the request, the rights of the guest, or the host. */
const MAY_SUCCEED_ELSEWHERE: Readonly<Record<types.ErrorCode, boolean>> = {
	rate_limited: true,
	timeout: true,
	backend_error: true,
	missing_capabilities: true,
	invalid_request: false,
	no_candidate_backend: false,
	backend_not_enabled: false,
	cancelled: false,
	not_permitted: false,
	internal: false,
};

/**
 * Returns true if the request may be sent again after this failure, to the same or another backend. A request whose processing is unknown
 * must be idempotent. Differs from `SpearError.retryable`, which tells the caller whether the whole call is worth a later try.
 */
export function mayResend(failure: SpearError, idempotent: boolean): boolean {
	return MAY_SUCCEED_ELSEWHERE[failure.code] && failure.attribution !== "caller" && (idempotent || failure.processed !== "unknown");
}
