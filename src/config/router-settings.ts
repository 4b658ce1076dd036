import type { RouterConfig } from "../../generated/ir/config.ts";
import { DEFAULT_ROUTER, type RouterSettings } from "../router/settings.ts";

/** The `[router]` table with every default filled in. */
export function routerSettings(config: RouterConfig = {}): RouterSettings {
	const { breaker = {}, ejection = {}, decision_log = {} } = config;
	const { backoff, breaker: usual, ejection: others, decisionLog: kept, ...rest } = DEFAULT_ROUTER;
	const baseOpenMs = breaker.base_open_ms ?? usual.baseOpenMs;
	return {
		maxAttempts: config.max_attempts ?? rest.maxAttempts,
		backoff: { baseMs: config.backoff_ms ?? backoff.baseMs, maxMs: config.max_backoff_ms ?? backoff.maxMs },
		retryRatio: part(config.retry_budget_percent) ?? rest.retryRatio,
		queueTimeoutMs: config.queue_timeout_ms ?? rest.queueTimeoutMs,
		maxPendingRequests: config.max_pending_requests ?? rest.maxPendingRequests,
		slowStartMs: config.slow_start_ms ?? rest.slowStartMs,
		breaker: {
			consecutiveFailures: breaker.consecutive_failures ?? usual.consecutiveFailures,
			baseOpenMs,
			maxOpenMs: Math.max(baseOpenMs, breaker.max_open_ms ?? usual.maxOpenMs),
		},
		ejection: {
			intervalMs: ejection.interval_ms ?? others.intervalMs,
			minRequests: ejection.min_requests ?? others.minRequests,
			errorRatio: part(ejection.error_percent) ?? others.errorRatio,
			latencyFactor: ejection.latency_factor ?? others.latencyFactor,
			baseEjectionMs: ejection.base_ejection_ms ?? others.baseEjectionMs,
			maxEjectionRatio: part(ejection.max_ejection_percent) ?? others.maxEjectionRatio,
		},
		decisionLog: { ratio: part(decision_log.sample_percent) ?? kept.ratio, capacity: decision_log.capacity ?? kept.capacity },
	};
}

function part(percent: number | undefined): number | undefined {
	return percent === undefined ? undefined : percent / 100;
}
