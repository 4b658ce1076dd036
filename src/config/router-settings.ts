import type { RouterConfig } from "../../generated/ir/config.ts";
import { DEFAULT_ROUTER, type RouterSettings } from "../router/settings.ts";

/** Returns the `[router]` table with every default filled in. */
export function routerSettings(config: RouterConfig = {}): RouterSettings {
	const { breaker = {}, ejection = {}, decision_log = {} } = config;
	const { backoff, breaker: defaultBreaker, ejection: defaultEjection, decisionLog: defaultLog, ...rest } = DEFAULT_ROUTER;
	const baseOpenMs = breaker.base_open_ms ?? defaultBreaker.baseOpenMs;
	return {
		maxAttempts: config.max_attempts ?? rest.maxAttempts,
		degradation: config.degradation ?? rest.degradation,
		backoff: { baseMs: config.backoff_ms ?? backoff.baseMs, maxMs: config.max_backoff_ms ?? backoff.maxMs },
		retryRatio: ratioOf(config.retry_budget_percent) ?? rest.retryRatio,
		queueTimeoutMs: config.queue_timeout_ms ?? rest.queueTimeoutMs,
		maxPendingRequests: config.max_pending_requests ?? rest.maxPendingRequests,
		slowStartMs: config.slow_start_ms ?? rest.slowStartMs,
		breaker: {
			consecutiveFailures: breaker.consecutive_failures ?? defaultBreaker.consecutiveFailures,
			baseOpenMs,
			maxOpenMs: Math.max(baseOpenMs, breaker.max_open_ms ?? defaultBreaker.maxOpenMs),
		},
		ejection: {
			intervalMs: ejection.interval_ms ?? defaultEjection.intervalMs,
			minRequests: ejection.min_requests ?? defaultEjection.minRequests,
			errorRatio: ratioOf(ejection.error_percent) ?? defaultEjection.errorRatio,
			latencyFactor: ejection.latency_factor ?? defaultEjection.latencyFactor,
			baseEjectionMs: ejection.base_ejection_ms ?? defaultEjection.baseEjectionMs,
			maxEjectionRatio: ratioOf(ejection.max_ejection_percent) ?? defaultEjection.maxEjectionRatio,
		},
		decisionLog: {
			ratio: ratioOf(decision_log.sample_percent) ?? defaultLog.ratio,
			capacity: decision_log.capacity ?? defaultLog.capacity,
		},
	};
}

/** Returns a percentage as a ratio from 0 to 1. */
function ratioOf(percent: number | undefined): number | undefined {
	return percent === undefined ? undefined : percent / 100;
}
