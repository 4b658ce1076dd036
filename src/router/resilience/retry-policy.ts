import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { LatencyHistogram } from "../instances/stats/latency-histogram.ts";
import type { HedgeSettings } from "../settings.ts";

/**
 * Whether another backend may be asked after a failure of this kind: when it tells of the backend rather than of the request,
 * the guest's rights or the host itself.
 */
const TELLS_OF_BACKEND: Readonly<Record<types.ErrorCode, boolean>> = {
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

/** Whether a request that failed so may be sent again, to whomever. One that may have been served must be one that may be served twice. */
export function isRetriable(failure: SpearError, idempotent: boolean): boolean {
	return TELLS_OF_BACKEND[failure.code] && failure.attribution !== "caller" && (idempotent || failure.processed !== "unknown");
}

/** Answers that must have been timed before a quantile of them says something. */
const MIN_SAMPLES = 20;

/** How long to wait before a hedge; `undefined` when too little is known to say. */
export function hedgeDelayMs({ after }: HedgeSettings, latencies: LatencyHistogram): number | undefined {
	if ("delayMs" in after) return after.delayMs;
	return latencies.count < MIN_SAMPLES ? undefined : latencies.quantile(after.quantile);
}
