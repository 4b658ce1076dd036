import type { RouterConfig } from "../../generated/ir/config.ts";
import { DEFAULT_ROUTER, type RouterSettings } from "../router/settings.ts";

/** The `[router]` table with every default filled in. */
export function routerSettings(config: RouterConfig = {}): RouterSettings {
	const { breaker = {}, ejection = {}, explain = {} } = config;
	const { backoff, breaker: usual, ejection: others, explain: kept, ...rest } = DEFAULT_ROUTER;
	const openMs = breaker.open_ms ?? usual.openMs;
	return {
		maxAttempts: config.max_attempts ?? rest.maxAttempts,
		backoff: { baseMs: config.backoff_ms ?? backoff.baseMs, maxMs: config.max_backoff_ms ?? backoff.maxMs },
		retryRatio: part(config.retry_budget_percent) ?? rest.retryRatio,
		waitMs: config.wait_ms ?? rest.waitMs,
		maxWaiting: config.max_waiting ?? rest.maxWaiting,
		slowStartMs: config.slow_start_ms ?? rest.slowStartMs,
		breaker: {
			failures: breaker.failures ?? usual.failures,
			openMs,
			maxOpenMs: Math.max(openMs, breaker.max_open_ms ?? usual.maxOpenMs),
		},
		ejection: {
			intervalMs: ejection.interval_ms ?? others.intervalMs,
			minRequests: ejection.min_requests ?? others.minRequests,
			errorRatio: part(ejection.error_percent) ?? others.errorRatio,
			latencyFactor: ejection.latency_factor ?? others.latencyFactor,
			outMs: ejection.out_ms ?? others.outMs,
			maxRatio: part(ejection.max_percent) ?? others.maxRatio,
		},
		explain: { ratio: part(explain.sample_percent) ?? kept.ratio, keep: explain.keep ?? kept.keep },
	};
}

function part(percent: number | undefined): number | undefined {
	return percent === undefined ? undefined : percent / 100;
}
