import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { LatencyHistogram } from "../instances/stats/latency-histogram.ts";
import type { HedgeSettings } from "../settings.ts";

/**
 * Error codes after which another backend may succeed: those that say something about the backend. The others are about the request, the
 * rights of the guest, or the host.
 */
const ABOUT_BACKEND: Readonly<Record<types.ErrorCode, boolean>> = {
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
 * Returns true if the request may be sent again after this failure, to the same or another backend. A request that the upstream may have
 * processed must be idempotent.
 */
export function isRetriable(failure: SpearError, idempotent: boolean): boolean {
	return ABOUT_BACKEND[failure.code] && failure.attribution !== "caller" && (idempotent || failure.processed !== "unknown");
}

/** Samples below which a quantile is too uncertain to start hedges by: the 95th percentile needs 20 to be below the maximum. */
const MIN_SAMPLES = 20;

/** Returns the delay before a hedge, in milliseconds; `undefined` if it is a quantile and there are too few samples. */
export function hedgeDelayMs({ after }: HedgeSettings, latencies: LatencyHistogram): number | undefined {
	if ("delayMs" in after) return after.delayMs;
	return latencies.count < MIN_SAMPLES ? undefined : latencies.quantile(after.quantile);
}
