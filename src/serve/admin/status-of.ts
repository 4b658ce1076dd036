import type { LatencyQuantiles } from "../../host/status/attempt-meter.ts";
import type { BackendStatus, OperationStatus } from "../../host/status/backend-status.ts";
import type { GuestStatus } from "../../host/status/host-status.ts";
import type { RequestTotals } from "../../host/status/request-totals.ts";
import type { LimitStatus } from "../../router/limits/limit-status.ts";
import type { Backend, BackendOperation, Guest, Latency, LimitState, Totals } from "./api.ts";

/** Returns a backend as the admin API shows it. */
export function backendOf(status: BackendStatus): Backend {
	const { name, kind, health, enabled, draining, weight, priority, region } = status;
	return {
		name,
		kind,
		embedded: status.isEmbedded,
		health,
		enabled,
		draining,
		weight,
		configured_weight: status.configuredWeight,
		priority,
		...(region === undefined ? {} : { region }),
		has_key: status.hasKey,
		missing_keys: [...status.missingKeys],
		keys: status.keys.map(({ number, state, untilMs }) => ({ number, state, ...(untilMs === undefined ? {} : { until_at_ms: untilMs }) })),
		in_flight: status.inFlight,
		limits: status.limits.map(limitOf),
		operations: status.operations.map(operationOf),
	};
}

function operationOf(status: OperationStatus): BackendOperation {
	const { breakerOpenUntilMs, ejectedUntilMs, errorRate, firstOutput, whole } = status;
	return {
		operation: status.operation,
		models: [...status.models],
		features: [...status.features],
		transports: [...status.transports],
		available: status.available,
		in_flight: status.inFlight,
		breaker: status.breaker,
		...(breakerOpenUntilMs === undefined ? {} : { breaker_open_until_at_ms: breakerOpenUntilMs }),
		consecutive_failures: status.consecutiveFailures,
		...(ejectedUntilMs === undefined ? {} : { ejected_until_at_ms: ejectedUntilMs }),
		slow_start_factor: status.slowStartFactor,
		attempts: status.attempts,
		failures: status.failures,
		...(errorRate === undefined ? {} : { error_rate: errorRate }),
		recent_attempts: status.recentAttempts,
		...(firstOutput === undefined ? {} : { first_output: latencyOf(firstOutput) }),
		...(whole === undefined ? {} : { whole: latencyOf(whole) }),
		limits: status.limits.map(limitOf),
	};
}

/** Returns a guest as the admin API shows it. */
export function guestOf({ name, entry, inFlight, limits, totals, lastRequestAtMs }: GuestStatus): Guest {
	return {
		name,
		...(entry === undefined ? {} : { settings: entry }),
		...(inFlight === undefined ? {} : { in_flight: inFlight }),
		limits: limits.map(limitOf),
		totals: totalsOf(totals),
		...(lastRequestAtMs === undefined ? {} : { last_request_at_ms: lastRequestAtMs }),
	};
}

/** Returns sums of requests as the admin API shows them. */
export function totalsOf({ requests, errors, cancelled, inputTokens, outputTokens, cost }: RequestTotals): Totals {
	return { requests, errors, cancelled, input_tokens: inputTokens, output_tokens: outputTokens, cost };
}

function limitOf({ kind, limit, left, resetsAtMs, key }: LimitStatus): LimitState {
	return {
		kind,
		limit,
		...(left === undefined ? {} : { left }),
		...(resetsAtMs === undefined ? {} : { resets_at_ms: resetsAtMs }),
		...(key === undefined ? {} : { key }),
	};
}

function latencyOf({ count, p50Ms, p90Ms, p99Ms }: LatencyQuantiles): Latency {
	return { count, p50_ms: p50Ms, p90_ms: p90Ms, p99_ms: p99Ms };
}
