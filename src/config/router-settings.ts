import type { RouterConfig } from "../../generated/ir/config.ts";
import type { RouterSettings } from "../router/settings.ts";

/** The `[router]` table with every default filled in. The defaults are those that the schema of the configuration tells. */
export function routerSettings(config: RouterConfig = {}): RouterSettings {
	const { breaker = {}, ejection = {}, explain = {} } = config;
	return {
		maxAttempts: config.max_attempts ?? 3,
		backoff: { baseMs: config.backoff_ms ?? 200, maxMs: config.max_backoff_ms ?? 5_000 },
		retryRatio: (config.retry_budget_percent ?? 20) / 100,
		waitMs: config.wait_ms ?? 2_000,
		maxWaiting: config.max_waiting ?? 1_000,
		slowStartMs: config.slow_start_ms ?? 10_000,
		breaker: {
			failures: breaker.failures ?? 5,
			openMs: breaker.open_ms ?? 5_000,
			maxOpenMs: Math.max(breaker.open_ms ?? 5_000, breaker.max_open_ms ?? 60_000),
		},
		ejection: {
			intervalMs: ejection.interval_ms ?? 10_000,
			minRequests: ejection.min_requests ?? 20,
			errorRatio: (ejection.error_percent ?? 50) / 100,
			latencyFactor: ejection.latency_factor ?? 5,
			outMs: ejection.out_ms ?? 30_000,
			maxRatio: (ejection.max_percent ?? 50) / 100,
		},
		explain: { ratio: (explain.sample_percent ?? 10) / 100, keep: explain.keep ?? 256 },
	};
}
